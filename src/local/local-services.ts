import type { RequestListener } from 'node:http';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { openApiGateway } from './apigateway';
import { createAwsEndpoint } from './aws-endpoint';
import { type Certificate, certificatePath } from './certificate';
import type { Clock } from './clock';
import type { StackArtifact } from './cloudformation/assembly';
import type { InvokeFunction } from './cloudformation/custom-resource';
import type { ResourceTypes } from './cloudformation/resource-type';
import { openCloudFront } from './cloudfront/cloudfront';
import type { EdgePoolOptions } from './cloudfront/edge/server/edge-pool';
import { choosePort, type LocalConfig, type Ports, type ServerName } from './data-dir/local-config';
import { functionsLogPath, openLogFile } from './data-dir/log-file';
import { HEALTH_PATH } from './data-dir/running-local';
import { openEvents } from './events';
import { openGatedServer } from './http/gated-server';
import { authorize } from './iam/authorize';
import { openIam, type RoleCredentials } from './iam/iam';
import { INERT_RESOURCE_TYPES } from './inert-resources';
import { JWKS_PATH, keySet } from './issuer';
import { openLambda } from './lambda';
import { originAccess } from './origin-access';
import { openS3 } from './s3';
import { ServiceRegistry } from './service-registry';
import { openSsm } from './ssm';

export interface LocalServicesOptions {
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
  readonly now: Clock;
  /** Called while the edge's processes start. */
  readonly readStack: () => Promise<StackArtifact>;
}

/** The services, wired to each other as they are on AWS: by endpoints, credentials and policies. */
export interface LocalServices {
  readonly artifact: StackArtifact;
  readonly resourceTypes: ResourceTypes;
  readonly urls: Readonly<Record<'aws' | 'api' | 'distribution', string>>;
  readonly ports: Ports;
  /** The file that `curl --cacert` takes; undefined without HTTPS. */
  readonly certificateFile: string | undefined;
  readonly invokeForCloudFormation: InvokeFunction;
  apiKeyValue(keyId: string): string | undefined;
  issueCredentials(roleArn: string, sessionName: string): RoleCredentials;
  /** Lets requests in to the API and the distribution, which answer 503 until the stack is there. @throws LocalError */
  open(): Promise<void>;
  /**
   * Starts environments of the functions that the API runs, before it does: of the first ones, in the order given. Resolves when they can
   * take work, or have failed.
   */
  prepareFunctions(functionArns: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/**
 * Every part may need those before it: it closes before them. A viewer who is still being answered needs the bucket and the API, a request
 * of the API its function.
 */
const ORDER = [
  'log',
  'inert',
  'iam',
  'lambda',
  'events',
  'apigateway',
  'api',
  's3',
  'ssm',
  'cloudfront',
  'aws',
] as const;

/** Opens the services and their ports. @throws LocalError, with nothing left open */
export async function openServices(options: LocalServicesOptions): Promise<LocalServices> {
  const registry = new ServiceRegistry(ORDER);
  try {
    return await openAll(options, registry);
  } catch (error) {
    await registry.close();
    throw error;
  }
}

async function openAll(
  options: LocalServicesOptions,
  registry: ServiceRegistry<(typeof ORDER)[number]>,
): Promise<LocalServices> {
  const { dataDir, config, log, now, ports: requested } = options;
  const { accountId, region } = config;
  const common = { region, accountId, authorize, now };
  const openServer = (name: 'aws' | 'api') => openGatedServer(choosePort(name, requested, config.ports), OPTIONS[name]);

  const apiServer = registry.add('api', await openServer('api'));
  // The edge's processes take the longest to start: S3 and all that follows opens in the meantime.
  const distribution = openCloudFront({
    ...common,
    dir: join(dataDir, 'cloudfront'),
    log,
    edgeWorkers: options.edgeWorkers,
    edge: edgePoolOptions(options, apiServer.url),
    fetchFromS3: (request) => fetchFromS3(request),
    onRefusal: ({ code, reason, path }) => log(`distribution: 403 ${code} (${reason}) ${path}`),
  });
  // Its failure is told where it is awaited, below.
  const failedOrOpen = distribution.catch(() => undefined);
  registry.add('cloudfront', { close: async () => (await failedOrOpen)?.close() });
  registry.add('inert', { resourceTypes: INERT_RESOURCE_TYPES, close: () => undefined });
  const iam = registry.add('iam', openIam({ accountId, developer: config.developer }));
  const { findAccessKey } = iam;
  const s3 = registry.add('s3', openS3({ ...common, dir: join(dataDir, 's3'), findAccessKey }));
  const fetchFromS3 = originAccess(s3.api, accountId);
  registry.add('ssm', openSsm({ ...common, dir: join(dataDir, 'ssm') }));
  const awsServer = registry.add('aws', await openServer('aws'));
  const [artifact, cloudFront] = await Promise.all([options.readStack(), distribution]);
  registry.add('cloudfront', cloudFront);
  s3.store.watch(cloudFront.objectChanged);

  const { http, https } = cloudFront.ports;
  const urls = {
    aws: awsServer.url,
    api: apiServer.url,
    distribution: https === undefined ? `http://127.0.0.1:${http}` : `https://127.0.0.1:${https}`,
  };
  const logFile = registry.add('log', openLogFile(functionsLogPath(dataDir)));
  const lambda = registry.add(
    'lambda',
    openLambda({
      ...common,
      localEnvironment: {
        AWS_ENDPOINT_URL: urls.aws,
        EDGEPASS_DISTRIBUTION_URL: urls.distribution,
        EDGEPASS_JWKS_URL: `${urls.aws}${JWKS_PATH}`,
      },
      issueCredentials: iam.issueCredentials,
      findAsset: (_bucket, key) => artifact.findAsset(key),
      log(entry) {
        logFile.write({ time: now().toISOString(), ...entry });
        if (entry.stream === 'stderr') log(`${entry.functionName}: ${entry.line}`);
      },
    }),
  );
  registry.add('events', openEvents({ ...common, invoke: lambda.invoke, log }));
  const apiGateway = registry.add('apigateway', openApiGateway({ ...common, lambda, findAccessKey }));
  const services = { ...registry.apis(), s3: s3.api };
  const endpoint = createAwsEndpoint({ region, findAccessKey, services, now });
  // A body that is announced is asked for by the endpoint itself.
  awsServer.serve(withOwnPaths(options, endpoint), { asksForBody: true });

  return {
    artifact,
    resourceTypes: registry.resourceTypes(),
    urls,
    ports: { aws: awsServer.port, api: apiServer.port, distribution: http, ...(https !== undefined && { https }) },
    certificateFile: options.tls && certificatePath(dataDir),
    invokeForCloudFormation: (functionArn, event) => lambda.invoke(functionArn, event, 'cloudformation'),
    apiKeyValue: apiGateway.apiKeyValue,
    issueCredentials: iam.issueCredentials,
    async open() {
      const [api] = apiGateway.apis();
      if (api) apiServer.serve((request, response) => void apiGateway.handle(api.restApiId, request, response));
      await registry.open();
    },
    prepareFunctions(functionArns) {
      const ofApi = new Set(apiGateway.functionArns());
      return lambda.prepare(functionArns.filter((arn) => ofApi.has(arn)).slice(0, MAX_PREPARED));
    },
    close: () => registry.close(),
  };
}

/** Each is a process of 40 MB or so, and more than there are processors would only hold each other up. */
const MAX_PREPARED = Math.min(availableParallelism(), 4);

const OPTIONS = { aws: '--port', api: '--api-port' } as const;

/** Bytes of answers that an edge's cache keeps in memory. */
const CACHE_BYTES = 128 * 1024 * 1024;

function edgePoolOptions(
  { ports, config, tls, reasonHeader, followBucket, viewerCountry }: LocalServicesOptions,
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
function withOwnPaths({ instanceId, dataDir }: LocalServicesOptions, listener: RequestListener): RequestListener {
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
