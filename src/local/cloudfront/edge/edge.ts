/**
 * A CloudFront distribution in miniature: behaviors by path pattern, buckets and REST APIs as origins, trusted key groups, a cache as the
 * cache policies say, origin request and response headers policies, ranges and conditions, compression, origin access control to S3,
 * invalidations, and CloudFront's own refusals, byte for byte.
 *
 * Gaps: other origins, writing to a bucket through the distribution, functions at the edge, access logs, several distributions. The
 * template parts behind them are refused when the stack is applied, or are listed as inert in `distribution-config.ts`.
 *
 * By design: without `--https` plain HTTP stands for the viewer's HTTPS, so `redirect-to-https` never redirects; signed resources begin
 * with `http://127.0.0.1:PORT`. There is one edge location, its cache ends with the process, and each worker process has a cache of its
 * own. Who waits for an answer that another's miss fetches sees a Hit. [UNV] A response headers policy leaves CloudFront's own answers
 * alone.
 */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { createVerificationCache } from '../../../signing';
import type { Clock } from '../../clock';
import { matchesWildcard } from '../../wildcard';
import type { DeployedDistribution } from '../deployed-distribution';
import { type AdmissionOptions, type AdmittedRequest, admit, isReadMethod, type Refusal } from './admission';
import { type Body, inFiles, inMemory, type MemoryBody, releaseBody, sizeOf } from './body/body';
import { type CacheOutcome, type CacheResult, createCachedOrigin } from './cache/cached-origin';
import { type CacheEntry, createEdgeCache, objectName } from './cache/edge-cache';
import { conditionsOf, hasConditions, serveEntry } from './cache/serve-entry';
import { type CacheRequest, codingFor, createCacheRequest, isKeyedByUrl } from './cache-request';
import { type KnownLink, KnownLinks } from './known-links';
import { createAskOrigin, type FetchFromS3, type OriginResponse } from './origin/ask-origin';
import type { ResponseHeaders } from './response/answers';
import { edgeHeaders, headerList, newRequestId, type ViewerAccessCode } from './response/answers';
import { applyResponseHeaders } from './response/apply-response-headers';
import { answerPage, answerRedirect, answerViewerAccess, type Exchange, sendBody } from './response/respond';
import { type Behavior, type RunningDistribution, runDistribution } from './running-distribution';
import { hasBody, readViewer, type Viewer } from './viewer';

export interface EdgeSettings {
  /** Bytes of the cache's answers that are kept in memory. */
  readonly cacheBytes: number;
  /** Answer `X-Edgepass-Reason` to a refused request. CloudFront has nothing like it. */
  readonly reasonHeader: boolean;
  /** Drop what the cache has of an object when it changes, as AWS does not. */
  readonly followBucket: boolean;
  /** Returns host and port of the distribution by HTTPS; undefined where viewers cannot come that way. */
  readonly httpsHost: (() => string) | undefined;
  /** Where the local runtime's REST APIs answer. */
  readonly apiUrl: string;
  /** The two letters of the country that viewers are taken to come from. */
  readonly viewerCountry: string | undefined;
}

/** The functions that an edge calls. */
export interface EdgeCallbacks {
  readonly fetchFromS3: FetchFromS3;
  /** Gets the reason of a refusal in the signing core's code, and never the URL's query. */
  readonly onRefusal: (refused: RefusedRequest) => void;
  /** Decides which links are open, and how old an answer is. */
  readonly now: Clock;
}

export type EdgeOptions = EdgeSettings & EdgeCallbacks;

export interface RefusedRequest {
  readonly code: ViewerAccessCode;
  readonly reason: string;
  readonly path: string;
}

/** An object that has changed in its bucket while the cache goes on serving the old one. */
export interface StaleObject {
  readonly path: string;
  /** Milliseconds since 1970. */
  readonly freshUntil: number;
}

export interface Edge {
  /** Undefined when the answer is under way already. */
  answer(request: IncomingMessage, response: ServerResponse, scheme: Viewer['scheme']): Promise<void> | undefined;
  /** Serves this distribution from now on. */
  deploy(distribution: DeployedDistribution): void;
  /** @param paths As `CreateInvalidation` takes them: a wildcard at the end at most. */
  invalidate(paths: readonly string[]): void;
  objectChanged(bucket: string, key: string): StaleObject | undefined;
}

/** A link that comes again, as for every range of a video, costs no second verification. At most 8 KiB each. */
const REMEMBERED_LINKS = 20_000;
const VERIFIED_SIGNATURES = 10_000;

export function createEdge(options: EdgeOptions): Edge {
  const { now, onRefusal, reasonHeader, httpsHost } = options;
  const cache = createEdgeCache({ bytes: options.cacheBytes });
  const askOrigin = createAskOrigin(options);
  const cached = createCachedOrigin(cache, askOrigin, now);
  const links = new KnownLinks(REMEMBERED_LINKS);
  const admission: AdmissionOptions = {
    now,
    verified: createVerificationCache({ maxEntries: VERIFIED_SIGNATURES }),
    hasHttps: httpsHost !== undefined,
    viewerCountry: options.viewerCountry,
  };
  let distribution: RunningDistribution | undefined;

  /** A link known from before, or admitted or refused now → the cache, or the origin → conditions and range → answer. */
  function answer(
    request: IncomingMessage,
    response: ServerResponse,
    scheme: Viewer['scheme'],
  ): Promise<void> | undefined {
    const exchange: Exchange = { viewer: readViewer(request, scheme), response, id: newRequestId() };
    const { viewer } = exchange;
    const known = knownLink(viewer);
    if (known) return serveRead(exchange, known.admitted, cacheRequestOfLink(known, viewer));
    const admitted = admit(viewer, distribution, admission);
    if ('kind' in admitted) return refuse(exchange, admitted);
    if (!isReadMethod(viewer.method)) return forwardToOrigin(exchange, admitted, request);
    return serveRead(exchange, admitted, cacheRequestFor(viewer, admitted));
  }

  function knownLink(viewer: Viewer): KnownLink | undefined {
    if (!isReadMethod(viewer.method) || hasBody(viewer)) return undefined;
    return links.find(viewer, Math.floor(now().getTime() / 1000));
  }

  /** Returns an admitted request as the cache knows it, and remembers a link whose URL alone decides. */
  function cacheRequestFor(viewer: Viewer, admitted: AdmittedRequest): CacheRequest {
    if (!admitted.isUrlSigned || !isKeyedByUrl(admitted.behavior))
      return toCacheRequest(viewer, admitted.target, admitted.behavior);
    return cacheRequestOfLink(links.add(viewer, admitted), viewer);
  }

  function cacheRequestOfLink(
    { admitted: { target, behavior }, cacheRequests }: KnownLink,
    viewer: Viewer,
  ): CacheRequest {
    const coding = codingFor(viewer, behavior);
    const known = cacheRequests.get(coding);
    if (known) return known;
    const request = toCacheRequest(viewer, target, behavior);
    cacheRequests.set(coding, request);
    return request;
  }

  function toCacheRequest(viewer: Viewer, target: string, behavior: Behavior): CacheRequest {
    if (!distribution) throw new Error('there is no distribution');
    return createCacheRequest(viewer, target, distribution, behavior);
  }

  function serveRead(
    exchange: Exchange,
    { behavior }: AdmittedRequest,
    cacheRequest: CacheRequest,
  ): Promise<void> | undefined {
    const hit = cached.find(cacheRequest);
    if (hit && isWholeFromMemory(exchange.viewer, behavior, hit)) return void serveFromMemory(exchange, hit, hit.body);
    return serveAsync(exchange, behavior, cacheRequest, hit);
  }

  /** Serves most requests: it awaits nothing, and makes nothing that could have been made before. */
  function serveFromMemory({ viewer, response, id }: Exchange, entry: CacheEntry, body: MemoryBody): void {
    const age = String(secondsSince(entry.storedAt));
    response.writeHead(200, [...entry.head, 'X-Amz-Cf-Id', id, 'X-Cache', 'Hit from cloudfront', 'Age', age]);
    sendBody(response, viewer.method === 'HEAD' ? undefined : body);
  }

  async function serveAsync(
    exchange: Exchange,
    behavior: Behavior,
    cacheRequest: CacheRequest,
    hit: CacheEntry | undefined,
  ): Promise<void> {
    const result: CacheResult = hit
      ? { entry: hit, outcome: 'Hit' }
      : await cached.answer(cacheRequest, exchange.viewer.ipAddress);
    try {
      await serve(exchange, behavior, cacheRequest, result);
    } finally {
      releaseBody(result.entry.body);
    }
  }

  async function serve(
    exchange: Exchange,
    behavior: Behavior,
    cacheRequest: CacheRequest,
    result: CacheResult,
  ): Promise<void> {
    const { entry, outcome } = result;
    const { viewer, id, response } = exchange;
    const { body } = entry;
    const size = body.kind === 'stream' ? undefined : sizeOf(body);
    const chosen = serveEntry({ ...entry, size }, viewer.method, viewer.headers);
    if (!chosen) return serveOriginRefusal(exchange, behavior, cacheRequest);
    if (await sendErrorPage(exchange, chosen.status, {})) return;
    const headers = { ...chosen.headers, ...ageOf(entry, outcome), ...edgeHeaders(id, xCache(chosen.status, outcome)) };
    response.writeHead(chosen.status, toViewer(headers, viewer, behavior));
    await sendBody(response, chosen.hasBody ? body : undefined, chosen.range);
  }

  /** Whole seconds since the origin vouched for it; a miss has none. */
  const ageOf = ({ storedAt }: CacheResult['entry'], outcome: CacheOutcome): ResponseHeaders =>
    outcome === 'Hit' ? { Age: secondsSince(storedAt) } : {};

  const secondsSince = (time: number): number => Math.floor((now().getTime() - time) / 1000);

  /** Has the origin itself refuse a failed precondition, or a range behind the end; its response is not cached. */
  async function serveOriginRefusal(exchange: Exchange, behavior: Behavior, cacheRequest: CacheRequest): Promise<void> {
    const { method, headers } = exchange.viewer;
    await sendOriginResponse(
      exchange,
      behavior,
      await askOrigin(cacheRequest, { method, headers: conditionsOf(headers) }),
    );
  }

  /** Sends every method but GET and HEAD to the origin, with its body; only reads are cached. */
  async function forwardToOrigin(
    exchange: Exchange,
    { behavior, target }: AdmittedRequest,
    body: IncomingMessage,
  ): Promise<void> {
    const { viewer } = exchange;
    const cacheRequest = toCacheRequest(viewer, target, behavior);
    const length = viewer.headers['content-length'];
    const headers = hasBody(viewer) && length !== undefined ? { 'content-length': length } : {};
    const call = { method: viewer.method, headers, viewerAddress: viewer.ipAddress, ...(hasBody(viewer) && { body }) };
    await sendOriginResponse(exchange, behavior, await askOrigin(cacheRequest, call));
  }

  /** Sends a response of the origin as it came. */
  async function sendOriginResponse(
    { viewer, response, id }: Exchange,
    behavior: Behavior,
    originResponse: OriginResponse,
  ): Promise<void> {
    const { status, headers, range } = originResponse;
    const body = bodyOf(originResponse);
    try {
      if (await sendErrorPage({ viewer, response, id }, status, {})) return;
      const all = { ...headers, ...edgeHeaders(id, xCache(status, 'Miss')) };
      response.writeHead(status, toViewer(all, viewer, behavior));
      await sendBody(response, viewer.method === 'HEAD' ? undefined : body, range);
    } finally {
      releaseBody(body);
    }
  }

  async function refuse(exchange: Exchange, refusal: Refusal): Promise<void> {
    const { viewer } = exchange;
    if (refusal.kind === 'page') return answerPage(exchange, refusal.reason);
    if (refusal.kind === 'redirect')
      return answerRedirect(exchange, refusal.status, `https://${httpsHost?.()}${viewer.target}`);
    const { code, reason } = refusal;
    onRefusal({ code, reason, path: viewer.path });
    const headers = reasonHeader ? { 'X-Edgepass-Reason': reason } : {};
    if (!(await sendErrorPage(exchange, 403, headers))) answerViewerAccess(exchange, code, headers);
  }

  /**
   * The distribution's own page for an error, where it has one. [UNV] No signature is asked for it, and what the page's own behavior
   * says of viewers does not count. When the page fails, the viewer gets that failure.
   */
  async function sendErrorPage(
    { viewer, response, id }: Exchange,
    status: number,
    headers: ResponseHeaders,
  ): Promise<boolean> {
    const page = status < 400 ? undefined : distribution?.errorResponses[status]?.page;
    const behavior = page && distribution?.behaviorFor(page.path);
    if (!page || !behavior) return false;
    const { entry } = await cached.answer(toCacheRequest(viewer, page.path, behavior), viewer.ipAddress);
    try {
      const errorHeaders = { ...entry.headers, ...edgeHeaders(id, 'Error from cloudfront'), ...headers };
      response.writeHead(entry.status === 200 ? page.status : entry.status, toViewer(errorHeaders, viewer, behavior));
      await sendBody(response, viewer.method === 'HEAD' ? undefined : entry.body);
      return true;
    } finally {
      releaseBody(entry.body);
    }
  }

  return {
    answer,
    deploy(deployed) {
      distribution = runDistribution(deployed);
      links.clear();
    },
    invalidate: (paths) => cache.drop((entry) => paths.some((path) => matchesWildcard(path, entry.path))),
    objectChanged(bucket, key) {
      const object = objectName(bucket, key);
      if (options.followBucket) return void cache.dropObject(object);
      const stale = cache.ofObject(object).find(({ freshUntil }) => freshUntil > now().getTime());
      return stale && { path: stale.path, freshUntil: stale.freshUntil };
    },
  };
}

/** No part, no condition, no header that depends on the request. */
const isWholeFromMemory = (
  { headers }: Viewer,
  { responseHeadersPolicy }: Behavior,
  entry: CacheEntry,
): entry is CacheEntry & { readonly body: MemoryBody } =>
  entry.body.kind === 'memory' && entry.status === 200 && !responseHeadersPolicy && !hasConditions(headers);

const bodyOf = ({ text = '', files, stream }: OriginResponse): Body =>
  stream ? { kind: 'stream', stream } : files ? inFiles(files) : inMemory(Buffer.from(text));

const xCache = (status: number, outcome: CacheOutcome): string =>
  status >= 400 ? 'Error from cloudfront' : `${outcome} from cloudfront`;

function toViewer(headers: ResponseHeaders, { headers: viewerHeaders, method }: Viewer, behavior: Behavior): string[] {
  const { responseHeadersPolicy: policy } = behavior;
  return headerList(policy ? applyResponseHeaders(policy, viewerHeaders, method, headers) : headers);
}
