/**
 * A CloudFront distribution in miniature: behaviors by path pattern, trusted key groups, origin access control to S3, and
 * CloudFront's own refusals, byte for byte.
 *
 * Gaps: the cache (every answer is a Miss, so an object is always as fresh as the bucket), compression, cache and origin request
 * policies beyond the default forwarding of nothing, response headers policies, custom error responses, functions at the edge,
 * geographic restrictions, access logs, several distributions. The template parts behind them are refused when the stack is
 * applied, or are listed as inert in `distribution-config.ts`.
 *
 * By design: plain HTTP stands for the viewer's HTTPS, so `redirect-to-https` never redirects; signed resources begin with
 * `http://127.0.0.1:PORT`. [UNV] Whether the method or the signature is checked first: the method here; both answers are 403.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { EdgepassError, type PublicKeys, verifyRequest } from '../../signing';
import { matchesWildcard } from '../wildcard';
import {
  edgeHeaders,
  type HtmlReason,
  htmlBody,
  newRequestId,
  type ViewerAccessCode,
  viewerAccessBody,
} from './answers';
import type { CacheBehavior } from './distribution-config';
import type { CloudFrontResources } from './resources';

/** Reads an object as CloudFront does with origin access control: in the distribution's name, nothing else of the viewer's. */
export type FetchFromS3 = (request: OriginRequest) => Promise<OriginAnswer>;

export interface OriginAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | number>>;
  readonly body?: string | Readable | undefined;
}

export interface OriginRequest {
  readonly method: string;
  readonly bucket: string;
  /** The path as the viewer sent it, percent-encoding included. */
  readonly rawPath: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly distributionArn: string;
}

export interface EdgeOptions {
  readonly resources: CloudFrontResources;
  readonly fetchFromS3: FetchFromS3;
  readonly now: () => Date;
  /** Told why a request was refused, in the signing core's code; never the URL's query. */
  readonly onRefusal: (refusal: { code: ViewerAccessCode; reason: string; path: string }) => void;
}

/** What always reaches the origin. Source: CloudFront Developer Guide, "Request and response behavior for Amazon S3 origins". */
const FORWARDED = [
  'range',
  'if-match',
  'if-none-match',
  'if-modified-since',
  'if-unmodified-since',
  'if-range',
] as const;

export function createEdge(
  options: EdgeOptions,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const { resources, fetchFromS3, now, onRefusal } = options;

  /** Behavior by path → method → viewer access → origin, as the distribution, → answer. */
  return async function answer(request, response): Promise<void> {
    const id = newRequestId();
    const [path = '', query] = splitTarget(request.url ?? '/');
    const { distribution } = resources;
    const method = request.method ?? 'GET';
    const host = request.headers.host;
    if (!distribution?.config.enabled || !path.startsWith('/') || !host)
      return answerHtml(response, id, 'bad-request', method);
    const behavior = behaviorFor(path, distribution.config.behaviors);
    if (!behavior?.allowedMethods.has(method)) return answerHtml(response, id, 'method', method);

    const trustedKeys = distribution.trustedKeys.get(behavior);
    const refusal = trustedKeys && checkViewerAccess(request, host, trustedKeys, now());
    if (refusal) {
      onRefusal({ ...refusal, path });
      return answerRefusal(response, id, refusal.code, method);
    }

    const isRoot = path === '/' && query === undefined;
    const rawPath =
      isRoot && distribution.config.defaultRootObject ? `/${distribution.config.defaultRootObject}` : path;
    const answered = await fetchFromS3({
      method,
      bucket: distribution.config.origins.get(behavior.originId)?.bucket ?? '',
      rawPath,
      headers: forwardedHeaders(request),
      distributionArn: distribution.arn,
    });
    await pass(response, answered, id, method);
  };
}

function splitTarget(target: string): [path: string, query: string | undefined] {
  const mark = target.indexOf('?');
  return mark < 0 ? [target, undefined] : [target.slice(0, mark), target.slice(mark + 1)];
}

/** The first pattern that matches decides; a leading slash in it is optional. */
function behaviorFor(path: string, behaviors: readonly CacheBehavior[]): CacheBehavior | undefined {
  return behaviors.find(({ pathPattern }) => matchesWildcard(`/${pathPattern.replace(/^\//, '')}`, path));
}

function checkViewerAccess(
  request: IncomingMessage,
  host: string,
  publicKeys: PublicKeys,
  now: Date,
): { code: ViewerAccessCode; reason: string } | undefined {
  try {
    verifyRequest({
      scheme: 'http',
      host,
      target: request.url ?? '/',
      cookieHeader: request.headers.cookie,
      publicKeys,
      now,
      ipAddress: request.socket.remoteAddress,
    });
    return undefined;
  } catch (error) {
    if (!(error instanceof EdgepassError)) throw error;
    return { code: error.cloudFrontCode ?? 'AccessDenied', reason: error.code };
  }
}

function forwardedHeaders(request: IncomingMessage): Record<string, string> {
  const entries = FORWARDED.map((name) => [name, request.headers[name]] as const);
  return Object.fromEntries(
    entries.filter((entry): entry is [(typeof FORWARDED)[number], string] => typeof entry[1] === 'string'),
  );
}

/** The origin's answer, its own errors included, with CloudFront's headers. */
async function pass(
  response: ServerResponse,
  { status, headers, body }: OriginAnswer,
  id: string,
  method: string,
): Promise<void> {
  const xCache = status >= 400 ? 'Error from cloudfront' : 'Miss from cloudfront';
  response.writeHead(status, { ...headers, ...edgeHeaders(id, xCache) });
  if (body === undefined || method === 'HEAD') response.end();
  else if (typeof body === 'string') response.end(body);
  // A viewer that goes away in the middle is no failure.
  else await pipeline(body, response).catch(() => response.destroy());
}

function answerRefusal(response: ServerResponse, id: string, code: ViewerAccessCode, method: string): void {
  end(response, 403, 'text/xml', viewerAccessBody(code), id, method);
}

function answerHtml(response: ServerResponse, id: string, reason: HtmlReason, method: string): void {
  const status = reason === 'method' ? 403 : 400;
  end(response, status, 'text/html', htmlBody(status, reason, id), id, method);
}

function end(response: ServerResponse, status: number, type: string, body: string, id: string, method: string): void {
  response.writeHead(status, {
    Server: 'CloudFront',
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(body),
    ...edgeHeaders(id, 'Error from cloudfront'),
  });
  response.end(method === 'HEAD' ? undefined : body);
}
