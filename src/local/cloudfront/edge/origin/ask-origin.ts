import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import type { ByteRange } from '../../../http/byte-range';
import type { ObjectFiles } from '../body/body';
import type { CacheRequest } from '../cache-request';
import type { AnswerHeaders } from '../response/answers';

/** Reads an object as CloudFront does with origin access control: in the distribution's name. */
export type FetchFromS3 = (request: BucketRequest) => Promise<BucketAnswer>;

/** Plain data: a process that serves viewers sends it to the one that has the buckets. */
export interface BucketRequest {
  readonly method: string;
  readonly bucket: string;
  readonly rawPath: string;
  readonly rawQuery: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly distributionArn: string;
}

export interface BucketAnswer {
  readonly status: number;
  readonly headers: AnswerHeaders;
  /** An error's document. */
  readonly text?: string | undefined;
  /** The object that the headers speak of. */
  readonly files?: ObjectFiles | undefined;
  /** What was answered of it; undefined for all. */
  readonly range?: ByteRange | undefined;
}

export interface OriginAnswer extends BucketAnswer {
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

export type AskOrigin = (request: CacheRequest, call: OriginCall) => Promise<OriginAnswer>;

export interface OriginOptions {
  readonly fetchFromS3: FetchFromS3;
  /** Where home's REST APIs answer. */
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
): Promise<OriginAnswer> {
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
    const asked = httpRequest(apiUrl, { method, path, agent, headers: sent }, (answer) =>
      resolve({ status: answer.statusCode ?? 502, headers: answerHeaders(answer), stream: answer }),
    );
    asked.on('error', reject);
    if (body) body.on('error', () => asked.destroy()).pipe(asked);
    else asked.end();
  });
}

function answerHeaders({ headers }: IncomingMessage): AnswerHeaders {
  return withoutHopByHop(headers as Record<string, string | string[]>);
}

const withoutHopByHop = <T>(headers: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(headers).filter(([name, value]) => value !== undefined && !HOP_BY_HOP.has(name)));
