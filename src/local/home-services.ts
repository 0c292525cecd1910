import { randomBytes } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createApiGateway } from './apigateway';
import { createAwsEndpoint } from './aws-endpoint';
import type { InvokeFunction } from './cloudformation/custom-resource';
import type { ResourceTypes } from './cloudformation/resource-type';
import type { FetchFromS3 } from './cloudfront/cached-origin';
import { createCloudFront } from './cloudfront/cloudfront';
import { createEdgeServer } from './cloudfront/edge-server';
import { choosePort, type HomeConfig, type Ports, type ServerName } from './home-config';
import { authorize } from './iam/authorize';
import { createIam, type RoleCredentials } from './iam/iam';
import { INERT_RESOURCE_TYPES } from './inert-resources';
import { createLambda } from './lambda';
import { closeServer, listen } from './listen';
import { openLogFile } from './log-file';
import { HEALTH_PATH } from './running-home';
import { openS3, type S3, s3ResourceTypes } from './s3';
import { openSsm, ssmResourceTypes } from './ssm';

export interface ServicesOptions {
  readonly dataDir: string;
  readonly config: HomeConfig;
  readonly ports: Ports;
  readonly instanceId: string;
  readonly log: (line: string) => void;
  readonly followsBucket: boolean;
  readonly tellsReason: boolean;
}

export type Closers = (() => Promise<void> | void)[];

/** A home's services, wired to each other as they are on AWS: by endpoints, credentials and policies. */
export interface HomeServices {
  readonly resourceTypes: ResourceTypes;
  readonly urls: Readonly<Record<ServerName, string>>;
  readonly ports: Readonly<Record<ServerName, number>>;
  readonly invokeForCloudFormation: InvokeFunction;
  apiKeyValue(keyId: string): string | undefined;
  issueCredentials(roleArn: string, sessionName: string): RoleCredentials;
  /** Says where the functions' code lies, once the assembly is there. */
  useAssets(findAsset: (objectKey: string) => string): void;
  /** Lets requests in to the API and the distribution, which answer 503 until the stack is there. */
  open(): void;
}

/** Opens the services and their ports; what is open puts its closing into `closers`. */
export async function openServices(options: ServicesOptions, closers: Closers): Promise<HomeServices> {
  const { dataDir, config, log } = options;
  const { accountId, region } = config;
  const now = (): Date => new Date();
  let findAsset = (objectKey: string): string => {
    throw new Error(`there is no assembly yet to look for ${objectKey} in`);
  };
  let isOpen = false;
  let urls: Record<ServerName, string> = { aws: '', api: '', distribution: '' };

  const iam = createIam({ accountId, developer: config.developer });
  const logFile = openLogFile(join(dataDir, 'functions.log'));
  closers.push(() => logFile.close());
  const s3 = openS3({
    dir: join(dataDir, 's3'),
    region,
    accountId,
    authorize,
    findAccessKey: iam.findAccessKey,
    now,
  });
  closers.push(() => s3.close());
  const ssm = openSsm({ dir: join(dataDir, 'ssm'), region, accountId, authorize, now });
  const lambda = createLambda({
    region,
    accountId,
    homeEnvironment: () => ({ AWS_ENDPOINT_URL: urls.aws, EDGEPASS_DISTRIBUTION_URL: urls.distribution }),
    issueCredentials: iam.issueCredentials,
    findAsset: (_bucket, key) => findAsset(key),
    log(entry) {
      logFile.write({ time: now().toISOString(), ...entry });
      if (entry.stream === 'stderr') log(`${entry.functionName}: ${entry.line}`);
    },
  });
  closers.push(() => lambda.close());
  const apiGateway = createApiGateway({ region, accountId, lambda });
  const cloudFront = createCloudFront({
    accountId,
    domainName: () => new URL(urls.distribution).host,
    authorize,
    fetchFromS3: originAccess(s3, accountId),
    followsBucket: options.followsBucket,
    tellsReason: options.tellsReason,
    log,
    now,
    onRefusal: ({ code, reason, path }) => log(`distribution: 403 ${code} (${reason}) ${path}`),
  });

  s3.store.watch(cloudFront.objectChanged);

  const listeners: Record<ServerName, RequestListener> = {
    aws: withHealth(
      options.instanceId,
      createAwsEndpoint({
        region,
        findAccessKey: iam.findAccessKey,
        services: { s3, ssm, cloudfront: cloudFront.api },
      }),
    ),
    api(request, response) {
      const [api] = apiGateway.apis();
      if (isOpen && api) void apiGateway.handle(api.restApiId, request, response);
      else response.writeHead(503).end();
    },
    distribution(request, response) {
      if (isOpen) void cloudFront.handle(request, response);
      else response.writeHead(503).end();
    },
  };
  const ports = await listenAll(listeners, options, closers);
  urls = { aws: urlOf(ports.aws), api: urlOf(ports.api), distribution: urlOf(ports.distribution) };

  return {
    resourceTypes: {
      ...INERT_RESOURCE_TYPES,
      ...iam.resourceTypes,
      ...s3ResourceTypes(s3, now),
      ...ssmResourceTypes(ssm),
      ...lambda.resourceTypes,
      ...apiGateway.resourceTypes,
      ...cloudFront.resourceTypes,
    },
    urls,
    ports,
    invokeForCloudFormation: (functionArn, event) => lambda.invoke(functionArn, event, 'cloudformation'),
    apiKeyValue: apiGateway.apiKeyValue,
    issueCredentials: iam.issueCredentials,
    useAssets(find) {
      findAsset = find;
    },
    open() {
      isOpen = true;
    },
  };
}

const urlOf = (port: number): string => `http://127.0.0.1:${port}`;

const OPTIONS: Readonly<Record<ServerName, string>> = {
  aws: '--port',
  api: '--api-port',
  distribution: '--distribution-port',
};

async function listenAll(
  listeners: Readonly<Record<ServerName, RequestListener>>,
  { ports: asked, config }: ServicesOptions,
  closers: Closers,
): Promise<Record<ServerName, number>> {
  const start = async (name: ServerName): Promise<number> => {
    const server = name === 'distribution' ? createEdgeServer(listeners[name]) : createServer(listeners[name]);
    if (name === 'aws') server.on('checkContinue', listeners[name]);
    const port = await listen(server, choosePort(name, asked, config.ports), OPTIONS[name]);
    closers.push(() => closeServer(server));
    return port;
  };
  return { aws: await start('aws'), api: await start('api'), distribution: await start('distribution') };
}

/** Tells that this home is the one that `running.json` speaks of. No bucket can have the name in the path. */
function withHealth(instanceId: string, listener: RequestListener): RequestListener {
  return (request, response) => {
    if (request.url !== HEALTH_PATH) return listener(request, response);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ instanceId }));
  };
}

/** Origin access control: CloudFront asks S3 in its own name, for one distribution; only the bucket policy can let it in. */
function originAccess(s3: S3, accountId: string): FetchFromS3 {
  return ({ method, bucket, rawPath, rawQuery, headers, distributionArn }) =>
    s3.answer({
      method,
      rawPath: `/${bucket}${rawPath}`,
      rawQuery,
      headers,
      body: Readable.from([]),
      principal: {
        kind: 'service',
        arn: 'cloudfront.amazonaws.com',
        accountId,
        sourceArn: distributionArn,
        identityPolicies: [],
      },
      requestId: randomBytes(8).toString('hex').toUpperCase(),
      payloadHash: 'UNSIGNED-PAYLOAD',
    });
}
