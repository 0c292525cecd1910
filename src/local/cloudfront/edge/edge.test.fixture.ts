import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKeyPair } from '../../../signing';
import { machineClock } from '../../clock';
import type { ResourceRequest } from '../../cloudformation/resource-type';
import type { DeployedDistribution } from '../deployed-distribution';
import { cloudFrontResourceTypes, emptyResources } from '../resources';
import { createEdge, type Edge, type EdgeOptions } from './edge';
import type { FetchFromS3, S3OriginRequest, S3OriginResponse } from './origin/ask-origin';
import { viewerListener } from './server/start-edge';

export const pair: ReturnType<typeof generateKeyPair> = generateKeyPair({ keyType: 'ECDSA' });
export const OPTIMIZED = '658327ea-f89d-4fab-a63d-7e88639e58f6';
export const DISABLED = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad';

interface StoredFile {
  readonly path: string;
  readonly size: number;
  readonly headers: Record<string, string>;
  readonly etag: string;
}

const error = (status: number, code: string): S3OriginResponse => ({
  status,
  headers: { 'content-type': 'application/xml' },
  text: `<Error><Code>${code}</Code></Error>`,
});

/** A bucket that answers as S3 does, and keeps the requests that it got. */
export class Origin {
  readonly files: Map<string, StoredFile> = new Map();
  readonly requests: S3OriginRequest[] = [];
  readonly folder: string = mkdtempSync(join(tmpdir(), 'edgepass-origin-'));
  open = true;
  retained = 0;
  /** A promise that answers wait for; what they say is read before they wait. */
  held: Promise<void> | undefined;

  put(path: string, bytes: Buffer | string, headers: Record<string, string> = {}): void {
    const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
    const file = { path: join(this.folder, digest), size: Buffer.byteLength(bytes), headers, etag: `"${digest}"` };
    writeFileSync(file.path, bytes);
    this.files.set(path, file);
  }

  readonly answer: FetchFromS3 = async (request) => {
    this.requests.push(request);
    const file = this.files.get(request.rawPath);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await this.held;
    if (!this.open) return error(503, 'SlowDown');
    if (!file) return error(403, 'AccessDenied');
    const { etag, size, path } = file;
    if (request.headers['if-none-match'] === etag) return { status: 304, headers: { etag } };
    if (request.headers['if-match'] !== undefined && request.headers['if-match'] !== etag)
      return error(412, 'PreconditionFailed');
    if (request.headers.range?.startsWith('bytes=9999999')) return error(416, 'InvalidRange');
    this.retained += 1;
    const release = (): void => {
      this.retained -= 1;
    };
    return {
      status: 200,
      headers: {
        'content-type': 'binary/octet-stream',
        'content-length': size,
        'last-modified': 'Tue, 24 Nov 2026 12:00:00 GMT',
        etag,
        server: 'AmazonS3',
        ...file.headers,
      },
      files: { size, pieces: [{ path, size }], release },
    };
  };
}

/** An edge on a port of its own, in front of an origin that tests fill. */
export interface EdgeUnderTest {
  readonly edge: Edge;
  readonly origin: Origin;
  readonly base: string;
  readonly keyPairId: string;
  /** Why requests were refused. */
  readonly refusals: string[];
  /** Milliseconds since 1970; tests move it. */
  clock: number;
  close(): void;
}

export interface EdgeSetup {
  readonly trusted?: boolean;
  readonly errors?: readonly object[];
  readonly behaviors?: readonly object[];
  readonly origins?: readonly object[];
  readonly more?: Readonly<Record<string, readonly [type: string, properties: object]>>;
  readonly config?: object;
  readonly options?: Partial<EdgeOptions>;
}

export async function startEdgeUnderTest(setup: EdgeSetup = {}): Promise<EdgeUnderTest> {
  const origin = new Origin();
  const refusals: string[] = [];
  const { keyPairId, distribution } = applyDistribution(setup);
  const test = { clock: Date.parse('2026-11-24T12:00:00Z') };
  const edge = createEdge({
    fetchFromS3: origin.answer,
    now: () => new Date(test.clock),
    onRefusal: ({ code, reason, path }) => void refusals.push(`${code} ${reason} ${path}`),
    cacheBytes: 2 ** 26,
    followBucket: false,
    reasonHeader: true,
    httpsHost: undefined,
    apiUrl: 'http://127.0.0.1:1',
    viewerCountry: undefined,
    ...setup.options,
  });
  edge.deploy(distribution);
  const server = createServer(viewerListener(() => edge, 'http'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Object.assign(test, { edge, origin, base, keyPairId, refusals, close: () => end(server, origin) });
}

function end(server: Server, origin: Origin): void {
  server.closeAllConnections();
  server.close();
  rmSync(origin.folder, { recursive: true, force: true });
}

/** A distribution for tests that bring an edge of their own. */
export const deployedDistribution = (setup: EdgeSetup = {}): DeployedDistribution =>
  applyDistribution(setup).distribution;

/** The stack's resources as a template gives them, applied in the order in which they refer to each other. */
function applyDistribution({ trusted, errors = [], behaviors = [], origins = [], more = {}, config }: EdgeSetup) {
  const resources = emptyResources();
  const types = cloudFrontResourceTypes(resources, { accountId: '000000000000', domainName: 'd', now: machineClock });
  const apply = (type: string, properties: object): string => {
    const request = { logicalId: type, properties, stack: {} } as unknown as ResourceRequest;
    const applied = types[`AWS::CloudFront::${type}`]?.apply(request) as { physicalId: string };
    return applied.physicalId;
  };
  const access = apply('OriginAccessControl', {
    OriginAccessControlConfig: {
      Name: 'o',
      OriginAccessControlOriginType: 's3',
      SigningBehavior: 'always',
      SigningProtocol: 'sigv4',
    },
  });
  const withAccess = (origin: object): object =>
    Object.fromEntries(Object.entries(origin).map(([name, value]) => [name, value === '$access' ? access : value]));
  const keyPairId = apply('PublicKey', {
    PublicKeyConfig: { Name: 'k', CallerReference: 'k', EncodedKey: pair.publicKey },
  });
  const keyGroup = apply('KeyGroup', { KeyGroupConfig: { Name: 'g', Items: [keyPairId] } });
  const withQuery = apply('CachePolicy', {
    CachePolicyConfig: {
      Name: 'q',
      MinTTL: 0,
      DefaultTTL: 60,
      MaxTTL: 100,
      ParametersInCacheKeyAndForwardedToOrigin: {
        CookiesConfig: { CookieBehavior: 'none' },
        HeadersConfig: { HeaderBehavior: 'none' },
        QueryStringsConfig: { QueryStringBehavior: 'whitelist', QueryStrings: ['v'] },
        EnableAcceptEncodingGzip: false,
      },
    },
  });
  const ids = Object.fromEntries(
    Object.entries(more).map(([name, [type, properties]]) => [name, apply(type, properties)]),
  );
  const defaults = {
    TargetOriginId: 'o',
    CachePolicyId: OPTIMIZED,
    Compress: true,
    ViewerProtocolPolicy: 'redirect-to-https',
  };
  // `$name` stands for the id of one of `more`.
  const behaviorOf = (behavior: object): object =>
    Object.fromEntries(
      Object.entries({ ...defaults, ...behavior }).map(([name, value]) => [
        name,
        typeof value === 'string' && value.startsWith('$') ? ids[value.slice(1)] : value,
      ]),
    );
  apply('Distribution', {
    DistributionConfig: {
      Enabled: true,
      DefaultRootObject: 'index.html',
      CustomErrorResponses: errors,
      Origins: [
        { Id: 'o', DomainName: 'files.s3.us-east-1.amazonaws.com', OriginAccessControlId: access },
        ...origins.map(withAccess),
      ],
      CacheBehaviors: [
        ...behaviors.map(behaviorOf),
        { ...defaults, PathPattern: 'fresh/*', CachePolicyId: DISABLED },
        { ...defaults, PathPattern: 'query/*', CachePolicyId: withQuery },
      ],
      DefaultCacheBehavior: { ...defaults, ...(trusted && { TrustedKeyGroups: [keyGroup] }) },
      ...config,
    },
  });
  if (!resources.distribution) throw new Error('nothing was applied');
  return { keyPairId, distribution: resources.distribution.resolve() };
}
