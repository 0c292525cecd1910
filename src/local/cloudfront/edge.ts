/**
 * A CloudFront distribution in miniature: behaviors by path pattern, trusted key groups, a cache as the cache policies say, ranges
 * and conditions, compression, origin access control to S3, invalidations, and CloudFront's own refusals, byte for byte.
 *
 * Gaps: origins other than buckets, cache keys with cookies or headers, origin request and response headers policies, functions at the edge, geographic restrictions, access logs, several distributions. The template parts behind them are
 * refused when the stack is applied, or are listed as inert in `distribution-config.ts`.
 *
 * By design: plain HTTP stands for the viewer's HTTPS, so `redirect-to-https` never redirects; signed resources begin with
 * `http://127.0.0.1:PORT`. There is one edge, and its cache ends with the process. [UNV] Whether the method or the signature is checked
 * first: the method here; both answers are 403. Who waits for an answer that another's miss fetches sees a Hit.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createVerificationCache, EdgepassError, type VerifyContext, verifyRequest } from '../../signing';
import {
  edgeHeaders,
  type HtmlReason,
  htmlBody,
  newRequestId,
  type ViewerAccessCode,
  viewerAccessBody,
} from './answers';
import { behaviorFor, cacheRequest, splitTarget } from './cache-request';
import { type CacheOutcome, type CacheRequest, createCachedOrigin, type FetchFromS3 } from './cached-origin';
import type { AnswerHeaders, CacheEntry, EdgeCache } from './edge-cache';
import type { CloudFrontResources, Distribution } from './resources';
import { serveEntry } from './serve-entry';

export interface EdgeOptions {
  readonly resources: CloudFrontResources;
  readonly cache: EdgeCache;
  readonly fetchFromS3: FetchFromS3;
  readonly now: () => Date;
  /** Told why a request was refused, in the signing core's code; never the URL's query. */
  readonly onRefusal: (refusal: { code: ViewerAccessCode; reason: string; path: string }) => void;
  /** Answer `X-Edgepass-Reason` to a refused request. CloudFront has nothing like it. */
  readonly tellsReason: boolean;
}

/** Source: CloudFront Developer Guide, "Quotas": bytes of a URL. */
const LONGEST_URL = 8192;

/** A link that is asked for again, as every range of a video does, costs no second verification. At most 8 KiB each. */
const VERIFIED_SIGNATURES = 10_000;

/** Conditions and ranges that the origin answers itself, when the answer is a refusal. */
const CONDITIONAL = [
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
  const { resources, cache, fetchFromS3, now, onRefusal, tellsReason } = options;
  const askCached = createCachedOrigin(cache, fetchFromS3, now);
  const verified = createVerificationCache({ maxEntries: VERIFIED_SIGNATURES });

  /** Behavior by path → method → viewer access → cache, or the origin as the distribution → conditions and range → answer. */
  return async function answer(request, response): Promise<void> {
    const id = newRequestId();
    const [path = ''] = splitTarget(request.url ?? '/');
    const { distribution } = resources;
    const method = request.method ?? 'GET';
    const host = request.headers.host;
    if (!distribution?.config.enabled || !path.startsWith('/') || !host)
      return answerHtml(response, id, 'bad-request', method);
    if (`http://${host}${request.url}`.length > LONGEST_URL) return answerHtml(response, id, 'too-large', method);
    const behavior = behaviorFor(path, distribution.config.behaviors);
    const origin = behavior && distribution.config.origins.get(behavior.originId);
    if (!origin || !behavior.allowedMethods.has(method)) return answerHtml(response, id, 'method', method);
    if (hasBody(request)) return answerHtml(response, id, 'body', method);

    const publicKeys = distribution.trustedKeys.get(behavior);
    // Where no signature is asked for, CloudFront's parameters are the application's own. [UNV]
    const access = publicKeys
      ? checkViewerAccess(request, host, { publicKeys, now: now(), cache: verified })
      : { target: request.url ?? '/' };
    if ('reason' in access) {
      onRefusal({ ...access, path });
      const headers = tellsReason ? { 'X-Edgepass-Reason': access.reason } : {};
      if (await sendErrorPage(request, response, { distribution, id, status: 403, headers })) return;
      return end(response, 403, 'text/xml', viewerAccessBody(access.code), id, method, headers);
    }

    const asked = cacheRequest(request, access.target, { distribution, behavior, origin, resources });
    const { entry, outcome, done } = await askCached(asked);
    const failure = { distribution, id, headers: {} };
    const served = serveEntry(entry, method, request.headers);
    if (!served) await passRefusal(request, response, asked, failure);
    else if (!(await sendErrorPage(request, response, { ...failure, status: served.status }))) {
      const headers = { ...ageOf(entry, outcome, now()), ...edgeHeaders(id, xCache(served.status, outcome)) };
      await send(response, served.status, { ...served.headers, ...headers }, served.body);
    }
    done();
  };

  /**
   * The distribution's own page for an error, where it has one. [UNV] No signature is asked for it, and what the page's own behavior
   * says of viewers does not count. When the page fails, the viewer gets that failure.
   */
  async function sendErrorPage(
    request: IncomingMessage,
    response: ServerResponse,
    { distribution, id, status, headers }: Failure,
  ): Promise<boolean> {
    const page = distribution.config.errorResponses.get(status)?.page;
    const behavior = page && behaviorFor(page.path, distribution.config.behaviors);
    const origin = behavior && distribution.config.origins.get(behavior.originId);
    if (!page || !origin) return false;
    const asked = cacheRequest(request, page.path, { distribution, behavior, origin, resources });
    const { entry, done } = await askCached(asked);
    const isThere = entry.status === 200;
    const body = request.method === 'HEAD' ? undefined : entry.body.read();
    const answered = { ...entry.headers, ...edgeHeaders(id, 'Error from cloudfront'), ...headers };
    await send(response, isThere ? page.status : entry.status, answered, body);
    done();
    return true;
  }

  /** A failed precondition, a range behind the end: in S3's own words, and never kept. */
  async function passRefusal(
    request: IncomingMessage,
    response: ServerResponse,
    asked: CacheRequest,
    failure: Omit<Failure, 'status'>,
  ): Promise<void> {
    const { bucket, rawPath, rawQuery, distributionArn } = asked;
    const method = request.method ?? 'GET';
    const headers = conditionalHeaders(request);
    const { status, body, ...answered } = await fetchFromS3({
      method,
      bucket,
      rawPath,
      rawQuery,
      distributionArn,
      headers,
    });
    if (await sendErrorPage(request, response, { ...failure, status })) return;
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    const all = { ...answered.headers, ...edgeHeaders(failure.id, xCache(status, 'Miss')) };
    await send(response, status, all, method === 'HEAD' ? undefined : bytes);
  }
}

const xCache = (status: number, outcome: CacheOutcome): string =>
  status >= 400 ? 'Error from cloudfront' : `${outcome} from cloudfront`;

/** Whole seconds since the origin vouched for it; a miss has none. */
const ageOf = ({ storedAt }: CacheEntry, outcome: CacheOutcome, now: Date): Record<string, string> =>
  outcome === 'Hit' ? { Age: String(Math.floor((now.getTime() - storedAt) / 1000)) } : {};

interface Failure {
  readonly distribution: Distribution;
  readonly id: string;
  readonly status: number;
  readonly headers: AnswerHeaders;
}

/** CloudFront answers 403 to a GET with a body. */
const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

type Access = { readonly code: ViewerAccessCode; readonly reason: string } | { readonly target: string };

function checkViewerAccess(
  request: IncomingMessage,
  host: string,
  context: Required<Pick<VerifyContext, 'publicKeys' | 'now' | 'cache'>>,
): Access {
  const target = request.url ?? '/';
  try {
    const { targetWithoutSigning } = verifyRequest({
      scheme: 'http',
      host,
      target,
      cookieHeader: request.headers.cookie,
      ...context,
      ipAddress: request.socket.remoteAddress,
    });
    return { target: targetWithoutSigning };
  } catch (error) {
    if (!(error instanceof EdgepassError)) throw error;
    return { code: error.cloudFrontCode ?? 'AccessDenied', reason: error.code };
  }
}

function conditionalHeaders(request: IncomingMessage): Record<string, string> {
  const entries = CONDITIONAL.map((name) => [name, request.headers[name]] as const);
  return Object.fromEntries(
    entries.filter((entry): entry is [(typeof CONDITIONAL)[number], string] => typeof entry[1] === 'string'),
  );
}

/** A viewer that goes away in the middle is no failure. */
async function send(
  response: ServerResponse,
  status: number,
  headers: AnswerHeaders,
  body: Readable | Buffer | undefined,
): Promise<void> {
  response.writeHead(status, { ...headers });
  if (body === undefined || Buffer.isBuffer(body)) response.end(body);
  else await pipeline(body, response).catch(() => response.destroy());
}

function answerHtml(response: ServerResponse, id: string, reason: HtmlReason, method: string): void {
  const { status, body } = htmlBody(reason, id);
  end(response, status, 'text/html', body, id, method, status === 413 ? { Connection: 'close' } : {});
}

function end(
  response: ServerResponse,
  status: number,
  type: string,
  body: string,
  id: string,
  method: string,
  headers: AnswerHeaders = {},
): void {
  response.writeHead(status, {
    Server: 'CloudFront',
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(body),
    ...edgeHeaders(id, 'Error from cloudfront'),
    ...headers,
  });
  response.end(method === 'HEAD' ? undefined : body);
}
