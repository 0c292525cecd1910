import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import type { ByteRange } from '../../../http/byte-range';
import type { ObjectFiles } from '../body/body';
import type { CacheRequest } from '../cache-request';
import type { ResponseHeaders } from '../response/answers';

/** Reads an object as CloudFront does with origin access control: in the distribution's name. */
export type FetchFromS3 = (request: S3OriginRequest) => Promise<S3OriginResponse>;

/** Plain data: a process that serves viewers sends it to the one that has the buckets. */
export interface S3OriginRequest {
  readonly method: string;
  readonly bucket: string;
  readonly rawPath: string;
  readonly rawQuery: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly distributionArn: string;
}

export interface S3OriginResponse {
  readonly status: number;
  readonly headers: ResponseHeaders;
  /** An error's document. */
  readonly text?: string | undefined;
  /** The object that the headers speak of. */
  readonly files?: ObjectFiles | undefined;
  /** The range of it that the response carries; undefined for all. */
  readonly range?: ByteRange | undefined;
}

export interface OriginResponse extends S3OriginResponse {
  /** What an HTTP server sends. */
  readonly stream?: Readable | undefined;
}

/** What goes to the origin besides the request's place: the method, and headers of this one time. */
export interface OriginCall {
  readonly method: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Readable;
  /** For `X-Forwarded-For`. */
  readonly viewerAddress?: string | undefined;
}

export type AskOrigin = (request: CacheRequest, call: OriginCall) => Promise<OriginResponse>;

export interface OriginOptions {
  readonly fetchFromS3: FetchFromS3;
  /** Where the local runtime's REST APIs answer. */
  readonly apiUrl: string;
}

/** Asks the origin of a request, whatever its kind. */
export function createAskOrigin({ fetchFromS3, apiUrl }: OriginOptions): AskOrigin {
  const agent = new Agent({ keepAlive: true });
  return async (request, call) => {
    const { origin, rawPath, rawQuery, distributionArn } = request;
    const headers = { ...request.headers, ...call.headers };
    if (origin.kind === 'custom') return askServer(apiUrl, agent, request, { ...call, headers });
    return fetchFromS3({ method: call.method, bucket: origin.bucket, rawPath, rawQuery, headers, distributionArn });
  };
}

/** Headers that speak of one connection. Source: RFC 9110, 7.6.1. */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Source: CloudFront Developer Guide, "Request and response behavior for custom origins". */
function askServer(
  apiUrl: string,
  agent: Agent,
  { rawPath, rawQuery }: CacheRequest,
  { method, headers = {}, body, viewerAddress }: OriginCall,
): Promise<OriginResponse> {
  const forwardedFor = [headers['x-forwarded-for'], viewerAddress].filter(Boolean).join(', ');
  const sent = {
    // A policy that forwards the viewer's own replaces it.
    'user-agent': 'Amazon CloudFront',
    ...withoutHopByHop(headers),
    ...(forwardedFor !== '' && { 'x-forwarded-for': forwardedFor }),
    via: '1.1 00000000000000000000000000000000.cloudfront.net (CloudFront)',
  };
  const path = rawQuery === '' ? rawPath : `${rawPath}?${rawQuery}`;
  return new Promise((resolve, reject) => {
    const originRequest = httpRequest(apiUrl, { method, path, agent, headers: sent }, (response) =>
      resolve({ status: response.statusCode ?? 502, headers: endToEndHeaders(response), stream: response }),
    );
    originRequest.on('error', reject);
    if (body) body.on('error', () => originRequest.destroy()).pipe(originRequest);
    else originRequest.end();
  });
}

function endToEndHeaders({ headers }: IncomingMessage): ResponseHeaders {
  return withoutHopByHop(headers as Record<string, string | string[]>);
}

const withoutHopByHop = <T>(headers: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(headers).filter(([name, value]) => value !== undefined && !HOP_BY_HOP.has(name)));
