import { createServer, type RequestListener } from 'node:http';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { createApiGateway } from './apigateway';
import { createAwsEndpoint } from './aws-endpoint';
import { type Certificate, certificatePath } from './certificate';
import type { InvokeFunction } from './cloudformation/custom-resource';
import type { ResourceTypes } from './cloudformation/resource-type';
import { openCloudFront } from './cloudfront/cloudfront';
import type { EdgePoolOptions } from './cloudfront/edge/server/edge-pool';
import { choosePort, type LocalConfig, type Ports, type ServerName } from './data-dir/local-config';
import { functionsLogPath, openLogFile } from './data-dir/log-file';
import { HEALTH_PATH } from './data-dir/running-local';
import { createEvents } from './events';
import { closeServer, listen } from './http/listen';
import { authorize } from './iam/authorize';
import { createIam, type RoleCredentials } from './iam/iam';
import { INERT_RESOURCE_TYPES } from './inert-resources';
import { JWKS_PATH, keySet } from './issuer';
import { createLambda } from './lambda';
import { originAccess } from './origin-access';
import { openS3, s3ResourceTypes } from './s3';
import { openSsm, ssmResourceTypes } from './ssm';

export interface ServicesOptions {
  readonly dataDir: string;
  readonly config: LocalConfig;
  readonly ports: Ports;
  readonly instanceId: string;
  readonly log: (line: string) => void;
  readonly followBucket: boolean;
  readonly reasonHeader: boolean;
  readonly edgeWorkers: number;
  readonly tls: Certificate | undefined;
  readonly viewerCountry: string | undefined;
  /** Undefined: the machine's. */
  readonly clock: (() => Date) | undefined;
}

export type Closers = (() => Promise<void> | void)[];

/** A local runtime's services, wired to each other as they are on AWS: by endpoints, credentials and policies. */
export interface LocalServices {
  readonly resourceTypes: ResourceTypes;
  readonly urls: Readonly<Record<'aws' | 'api' | 'distribution', string>>;
  readonly ports: Ports;
  /** What `curl --cacert` takes; undefined without HTTPS. */
  readonly certificateFile: string | undefined;
  readonly invokeForCloudFormation: InvokeFunction;
  apiKeyValue(keyId: string): string | undefined;
  issueCredentials(roleArn: string, sessionName: string): RoleCredentials;
  /** Says where the functions' code lies, once the assembly is there. */
  useAssets(findAsset: (objectKey: string) => string): void;
  /** Lets requests in to the API and the distribution, which answer 503 until the stack is there. @throws LocalError */
  open(): Promise<void>;
  /**
   * Starts environments of the functions that the API runs, before it does: of the first ones, in the order given. Resolves when they can
   * take work, or have failed.
   */
  prepareFunctions(functionArns: readonly string[]): Promise<void>;
}

/** Opens the services and their ports; what is open puts its closing into `closers`. */
export async function openServices(options: ServicesOptions, closers: Closers): Promise<LocalServices> {
  const { dataDir, config, log, clock } = options;
  const { accountId, region } = config;
  const now = clock ?? ((): Date => new Date());
  const clockOffsetMs = clock && ((): number => clock().getTime() - Date.now());
  let findAsset = (objectKey: string): string => {
    throw new Error(`there is no assembly yet to look for ${objectKey} in`);
  };
  let isOpen = false;
  let urls = { aws: '', api: '', distribution: '' };

  const iam = createIam({ accountId, developer: config.developer });
  const logFile = openLogFile(functionsLogPath(dataDir));
  closers.push(() => logFile.close());
  const lambda = createLambda({
    region,
    accountId,
    authorize,
    clockOffsetMs,
    localEnvironment: () => ({
      ...(clockOffsetMs && { EDGEPASS_CLOCK_OFFSET_MS: String(clockOffsetMs()) }),
      AWS_ENDPOINT_URL: urls.aws,
      EDGEPASS_DISTRIBUTION_URL: urls.distribution,
      EDGEPASS_JWKS_URL: `${urls.aws}${JWKS_PATH}`,
    }),
    issueCredentials: iam.issueCredentials,
    findAsset: (_bucket, key) => findAsset(key),
    log(entry) {
      logFile.write({ time: now().toISOString(), ...entry });
      if (entry.stream === 'stderr') log(`${entry.functionName}: ${entry.line}`);
    },
  });
  closers.push(() => lambda.close());
  const apiGateway = createApiGateway({
    region,
    accountId,
    lambda,
    findAccessKey: iam.findAccessKey,
    now: () => now().getTime(),
  });
  const events = createEvents({ region, accountId, invoke: lambda.invoke, now, log });
  closers.push(() => events.close());
  const serve = async (name: 'aws' | 'api', listener: RequestListener): Promise<number> => {
    const server = createServer(listener);
    // A body that is announced is asked for by the listener itself.
    if (name === 'aws') server.on('checkContinue', listener);
    const port = await listen(server, choosePort(name, options.ports, config.ports), OPTIONS[name]);
    closers.push(() => closeServer(server));
    return port;
  };

  const apiPort = await serve('api', (request, response) => {
    const [api] = apiGateway.apis();
    if (isOpen && api) void apiGateway.handle(api.restApiId, request, response);
    else response.writeHead(503).end();
  });
  // The edge's processes take the longest to start: S3 and all that follows opens in the meantime.
  const distribution = openCloudFront({
    dir: join(dataDir, 'cloudfront'),
    accountId,
    authorize,
    log,
    now,
    edgeWorkers: options.edgeWorkers,
    edge: edgePoolOptions(options, urlOf(apiPort)),
    fetchFromS3: (request) => fetchFromS3(request),
    onRefusal: ({ code, reason, path }) => log(`distribution: 403 ${code} (${reason}) ${path}`),
  });
  const closeDistribution = async (): Promise<void> => (await distribution.catch(() => undefined))?.close();
  closers.push(closeDistribution);
  const s3 = openS3({
    dir: join(dataDir, 's3'),
    region,
    accountId,
    authorize,
    findAccessKey: iam.findAccessKey,
    now,
  });
  const fetchFromS3 = originAccess(s3, accountId);
  // Viewers who are still being answered need the bucket.
  closers.splice(closers.indexOf(closeDistribution), 1, () => s3.close(), closeDistribution);
  const ssm = openSsm({ dir: join(dataDir, 'ssm'), region, accountId, authorize, now });
  const cloudFront = await distribution;
  s3.store.watch(cloudFront.objectChanged);
  const endpoint = createAwsEndpoint({
    region,
    findAccessKey: iam.findAccessKey,
    services: { s3, ssm, lambda: lambda.api, cloudfront: cloudFront.api },
    now,
  });
  const awsPort = await serve('aws', withOwnPaths(options, endpoint));

  const { http, https } = cloudFront.ports;
  const ports = { aws: awsPort, api: apiPort, distribution: http, ...(https !== undefined && { https }) };
  urls = {
    aws: urlOf(awsPort),
    api: urlOf(apiPort),
    distribution: https === undefined ? urlOf(http) : `https://127.0.0.1:${https}`,
  };

  return {
    resourceTypes: {
      ...INERT_RESOURCE_TYPES,
      ...iam.resourceTypes,
      ...s3ResourceTypes(s3, now),
      ...ssmResourceTypes(ssm),
      ...lambda.resourceTypes,
      ...events.resourceTypes,
      ...apiGateway.resourceTypes,
      ...cloudFront.resourceTypes,
    },
    urls,
    ports,
    certificateFile: options.tls && certificatePath(dataDir),
    invokeForCloudFormation: (functionArn, event) => lambda.invoke(functionArn, event, 'cloudformation'),
    apiKeyValue: apiGateway.apiKeyValue,
    issueCredentials: iam.issueCredentials,
    useAssets(find) {
      findAsset = find;
    },
    async open() {
      isOpen = true;
      await cloudFront.open();
      events.open();
    },
    prepareFunctions(functionArns) {
      const ofApi = new Set(apiGateway.functionArns());
      return lambda.prepare(functionArns.filter((arn) => ofApi.has(arn)).slice(0, MAX_PREPARED));
    },
  };
}

/** Each is a process of 40 MB or so, and more than there are processors would only hold each other up. */
const MAX_PREPARED = Math.min(availableParallelism(), 4);

const urlOf = (port: number): string => `http://127.0.0.1:${port}`;

const OPTIONS = { aws: '--port', api: '--api-port' } as const;

/** Bytes of answers that an edge's cache keeps in memory. */
const CACHE_BYTES = 128 * 1024 * 1024;

function edgePoolOptions(
  { ports, config, tls, reasonHeader, followBucket, viewerCountry }: ServicesOptions,
  apiUrl: string,
): EdgePoolOptions {
  const portOf = (name: ServerName): number => choosePort(name, ports, config.ports);
  return {
    ports: { http: portOf('distribution'), https: tls && portOf('https') },
    tls,
    settings: {
      cacheBytes: CACHE_BYTES,
      reasonHeader,
      followBucket,
      viewerCountry,
      apiUrl,
    },
  };
}

/**
 * What the local runtime answers by itself: that it is the one that `running.json` speaks of, and its issuer's keys. No bucket can have the
 * name in these paths.
 */
function withOwnPaths({ instanceId, dataDir }: ServicesOptions, listener: RequestListener): RequestListener {
  const own: Readonly<Record<string, () => Promise<object> | object>> = {
    [HEALTH_PATH]: () => ({ instanceId }),
    [JWKS_PATH]: () => keySet(dataDir),
  };
  return async (request, response) => {
    const answer = own[request.url ?? ''];
    if (!answer) return listener(request, response);
    try {
      const body = JSON.stringify(await answer());
      response.writeHead(200, { 'content-type': 'application/json' }).end(body);
    } catch (error) {
      response.writeHead(500).end();
      process.emitWarning(error instanceof Error ? error : String(error));
    }
  };
}
