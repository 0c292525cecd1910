import { Duration, Names } from 'aws-cdk-lib';
import {
  ApiKeySourceType,
  type CfnStage,
  EndpointType,
  type IApiKey,
  LambdaIntegration,
  RestApi,
  type Stage,
} from 'aws-cdk-lib/aws-apigateway';
import type { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { type Call, FUNCTIONS } from '../../api/calls';
import type { FunctionRow } from '../../api/calls/function-row';
import { PrivilegedFunction } from '../base/privileged-function';
import type { SigningKey } from '../keys/signing-key';
import type { ApiKeyAuthProps } from './api-auth';
import { type ApiProps, type ApiSettings, readApiSettings } from './api-settings';
import { addEdgeStage, EDGE_STAGE } from './edge-stage';
import { functionEnvironment } from './function-environment';
import type { FunctionInputs } from './function-inputs';
import { functionStatements } from './function-statements';
import { addGatewayResponses } from './gateway-responses';
import { createRequestAuth, OPEN, type RequestAuth } from './request-auth';

export interface LinkApiProps extends ApiProps {
  readonly bucket: IBucket;
  /** Gets the behavior `_api/*`, which leads to the API. */
  readonly distribution: Distribution;
  readonly signingKey: SigningKey;

  /**
   * What links begin with.
   *
   * @default - the distribution's own name
   */
  readonly domainName?: string;
}

/**
 * The REST API: lists, signs, explains, and where enabled uploads and deletes. Two stages of one deployment: `v1`, and `_api` behind the distribution.
 * Every call but `GET /openapi.json` and `GET /health` is closed as `auth` says; each function has the privileges that its calls need.
 */
export class LinkApi extends Construct {
  readonly restApi: RestApi;
  /** The stage behind the distribution's `/_api/`. */
  readonly edgeStage: Stage;
  /** Where `auth` is `ApiAuth.apiKey()`. */
  readonly apiKey: IApiKey | undefined;
  /** The functions that answer the calls, by bundle. */
  readonly functions: ReadonlyMap<string, PrivilegedFunction>;
  readonly lister: PrivilegedFunction;
  readonly signer: PrivilegedFunction;
  readonly explainer: PrivilegedFunction;
  readonly describer: PrivilegedFunction;
  /** Where uploads are enabled. */
  readonly uploader: PrivilegedFunction | undefined;
  /** Where deletes are enabled. */
  readonly deleter: PrivilegedFunction | undefined;
  /** Where `auth` is `ApiAuth.jwt()`. */
  readonly authorizer: PrivilegedFunction | undefined;

  constructor(scope: Construct, id: string, props: LinkApiProps) {
    super(scope, id);
    const settings = readApiSettings(props);
    const inputs = { ...props, domainName: props.domainName ?? props.distribution.distributionDomainName, settings };
    // Those that every stack has come first, then those of each feature.
    const rows = [undefined, ...settings.features].flatMap((feature) =>
      FUNCTIONS.filter((row) => row.feature === feature),
    );
    this.functions = new Map(rows.map((row) => [row.bundle, this.createFunction(row, inputs)]));
    this.lister = this.functionOf('list-objects');
    this.signer = this.functionOf('sign-url');
    this.explainer = this.functionOf('explain');
    this.describer = this.functionOf('describe');
    this.uploader = this.functions.get('upload');
    this.deleter = this.functions.get('delete-object');
    const auth = createRequestAuth(this, settings.auth);
    this.authorizer = auth.authorizer?.verifier;
    this.restApi = this.createRestApi(settings, auth);
    for (const call of settings.calls) this.addCall(call);
    addGatewayResponses(this.restApi, settings.auth.kind);
    this.edgeStage = addEdgeStage(this.restApi, props.distribution);
    this.apiKey = settings.auth.kind === 'apiKey' ? this.requireApiKey(settings.auth) : undefined;
  }

  /** Its stages, as what has no property of its own takes them. */
  get cfnStages(): CfnStage[] {
    return [this.restApi.deploymentStage, this.edgeStage].map(({ node }) => node.defaultChild as CfnStage);
  }

  /** Lets API Gateway send traces to X-Ray, under a role of its own that AWS makes. */
  enableTracing(): void {
    for (const stage of this.cfnStages) stage.tracingEnabled = true;
  }

  private createFunction(row: FunctionRow, inputs: FunctionInputs): PrivilegedFunction {
    return new PrivilegedFunction(this, row.id, {
      bundle: row.bundle,
      description: row.description,
      environment: functionEnvironment(row, inputs),
      statements: functionStatements(row, inputs),
    });
  }

  private createRestApi({ calls, corsAllowedOrigins }: ApiSettings, auth: RequestAuth): RestApi {
    const restApi = new RestApi(this, 'RestApi', {
      // API Gateway's metrics tell APIs apart by their names alone.
      restApiName: Names.uniqueResourceName(this, { maxLength: 128, separator: '-' }),
      description: 'Lists private content and signs its URLs',
      endpointTypes: [EndpointType.REGIONAL],
      apiKeySourceType: ApiKeySourceType.HEADER,
      cloudWatchRole: false,
      deployOptions: { stageName: 'v1' },
      // Also what is added to the API later is closed.
      defaultMethodOptions: auth.methodOptions,
      defaultCorsPreflightOptions: {
        allowOrigins: corsAllowedOrigins,
        allowMethods: [...new Set([...calls.map(({ method }) => method), 'OPTIONS'])],
        allowHeaders: [
          'Content-Type',
          ...auth.headers,
          ...(calls.some((call) => call.takesIdempotencyKey) ? ['Idempotency-Key'] : []),
        ],
        maxAge: Duration.hours(1),
      },
    });
    // The stack says where the API is under a name of its own.
    restApi.node.tryRemoveChild('Endpoint');
    return restApi;
  }

  private addCall({ path, method, bundle, isOpen }: Call): void {
    const { function: handler } = this.functionOf(bundle);
    const integration = new LambdaIntegration(handler, { allowTestInvoke: false });
    const added = this.restApi.root.resourceForPath(path).addMethod(method, integration, isOpen ? OPEN : {});
    // The integration permits the calls of the stage v1 alone.
    handler.addPermission(`EdgePermission.${method}.${path.replaceAll('/', '.')}`, {
      principal: new ServicePrincipal('apigateway.amazonaws.com'),
      scope: added,
      sourceArn: this.restApi.arnForExecuteApi(method, path.replace(/\{[^}]*\}/g, '*'), EDGE_STAGE),
    });
  }

  private functionOf(bundle: string): PrivilegedFunction {
    const found = this.functions.get(bundle);
    if (!found) throw new Error(`no function has the bundle ${bundle}`);
    return found;
  }

  private requireApiKey({ throttle, quota }: ApiKeyAuthProps): IApiKey {
    const apiKey = this.restApi.addApiKey('ApiKey', { description: 'Opens the edgepass API' });
    const plan = this.restApi.addUsagePlan('UsagePlan', {
      apiStages: [{ stage: this.restApi.deploymentStage }, { stage: this.edgeStage }],
      throttle: throttle ?? { rateLimit: 1_000, burstLimit: 2_000 },
      ...(quota && { quota }),
    });
    plan.addApiKey(apiKey);
    return apiKey;
  }
}
