import { Duration } from 'aws-cdk-lib';
import {
  ApiKeySourceType,
  Cors,
  EndpointType,
  type IApiKey,
  LambdaIntegration,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import type { IDistribution } from 'aws-cdk-lib/aws-cloudfront';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { addGatewayResponses } from './gateway-responses';
import { PrivilegedFunction } from './privileged-function';
import type { SigningKey } from './signing-key';

export interface LinkApiProps {
  readonly bucket: IBucket;
  readonly distribution: IDistribution;
  readonly signingKey: SigningKey;
  readonly defaultLifetime: Duration;
}

/** Who calls, and what every caller may do. */
const CALLERS = { AUTH: 'apiKey', SCOPES: 'list sign' };

/** The REST API: `GET /s3objects` lists, `POST /urls` signs. Every call needs the API key; each function has one privilege. */
export class LinkApi extends Construct {
  readonly restApi: RestApi;
  readonly apiKey: IApiKey;
  readonly lister: PrivilegedFunction;
  readonly signer: PrivilegedFunction;

  constructor(scope: Construct, id: string, props: LinkApiProps) {
    super(scope, id);
    this.lister = this.createLister(props);
    this.signer = this.createSigner(props);
    this.restApi = this.createRestApi();
    this.apiKey = this.requireApiKey();
  }

  private createLister({ bucket }: LinkApiProps): PrivilegedFunction {
    return new PrivilegedFunction(this, 'Lister', {
      bundle: 'list-objects',
      description: 'GET /s3objects: lists the objects of the private bucket',
      environment: { ...CALLERS, BUCKET_NAME: bucket.bucketName },
      statements: [new PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucket.bucketArn] })],
    });
  }

  private createSigner({ distribution, signingKey, defaultLifetime }: LinkApiProps): PrivilegedFunction {
    return new PrivilegedFunction(this, 'Signer', {
      bundle: 'sign-url',
      description: 'POST /urls: signs URLs of the distribution',
      environment: {
        ...CALLERS,
        DISTRIBUTION_DOMAIN_NAME: distribution.distributionDomainName,
        KEY_PAIR_ID: signingKey.publicKey.publicKeyId,
        LINK_LIFETIME_SECONDS: String(defaultLifetime.toSeconds()),
        SIGNING_KEY_PARAMETER: signingKey.parameterName,
      },
      statements: [signingKey.may('ssm:GetParameter')],
    });
  }

  private createRestApi(): RestApi {
    const restApi = new RestApi(this, 'RestApi', {
      description: 'Lists private content and signs its URLs',
      endpointTypes: [EndpointType.REGIONAL],
      apiKeySourceType: ApiKeySourceType.HEADER,
      cloudWatchRole: false,
      deployOptions: { stageName: 'v1' },
      defaultMethodOptions: { apiKeyRequired: true },
      defaultCorsPreflightOptions: {
        allowOrigins: Cors.ALL_ORIGINS,
        allowMethods: ['GET', 'POST', 'OPTIONS'],
        allowHeaders: ['Content-Type', 'X-Api-Key'],
        maxAge: Duration.hours(1),
      },
    });
    // The stack says where the API is under a name of its own.
    restApi.node.tryRemoveChild('Endpoint');
    const call = { allowTestInvoke: false };
    restApi.root.addResource('s3objects').addMethod('GET', new LambdaIntegration(this.lister.function, call));
    restApi.root.addResource('urls').addMethod('POST', new LambdaIntegration(this.signer.function, call));
    addGatewayResponses(restApi);
    return restApi;
  }

  private requireApiKey(): IApiKey {
    const apiKey = this.restApi.addApiKey('ApiKey', { description: 'Opens the edgepass API' });
    const plan = this.restApi.addUsagePlan('UsagePlan', {
      apiStages: [{ stage: this.restApi.deploymentStage }],
      throttle: { rateLimit: 1_000, burstLimit: 2_000 },
    });
    plan.addApiKey(apiKey);
    return apiKey;
  }
}
