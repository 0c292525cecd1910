/**
 * A CloudFront distribution in miniature: behaviors by path pattern, buckets and REST APIs as origins, trusted key groups, a cache as the
 * cache policies say, origin request and response headers policies, ranges and conditions, compression, origin access control to S3,
 * invalidations, and CloudFront's own refusals, byte for byte.
 *
 * Gaps: other origins, writing to a bucket through the distribution, functions at the edge, access logs, several distributions. The
 * template parts behind them are refused when the stack is applied, or are listed as inert in `distribution-config.ts`.
 *
 * By design: without `--https` plain HTTP stands for the viewer's HTTPS, so `redirect-to-https` never redirects; signed resources begin
 * with `http://127.0.0.1:PORT`. There is one edge location, its cache ends with the process, and each worker process has a cache of its own.
 * Who waits for an answer that another's miss fetches sees a Hit. [UNV] A response headers policy leaves CloudFront's own answers alone.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createVerificationCache } from '../../../signing';
import { matchesWildcard } from '../../wildcard';
import type { DeployedDistribution } from '../deployed-distribution';
import { type Admission, type AdmissionOptions, admit, isReading, type Refusal } from './admission';
import { type Body, inFiles, inMemory, letGoOfBody, type MemoryBody, sizeOf } from './body/body';
import { type CacheOutcome, createCachedOrigin, type Served } from './cache/cached-origin';
import { type CacheEntry, createEdgeCache, objectName } from './cache/edge-cache';
import { conditionsOf, hasConditions, serveEntry } from './cache/serve-entry';
import { type CacheRequest, cacheRequest, codingFor, isKeyedByUrl } from './cache-request';
import { type KnownLink, KnownLinks } from './known-links';
import { createAskOrigin, type FetchFromS3, type OriginAnswer } from './origin/ask-origin';
import type { AnswerHeaders } from './response/answers';
import { edgeHeaders, headerList, newRequestId, type ViewerAccessCode } from './response/answers';
import { applyResponseHeaders } from './response/apply-response-headers';
import { answerPage, answerRedirect, answerViewerAccess, type Exchange, sendBody } from './response/respond';
import { type Behavior, type RunningDistribution, runDistribution } from './running-distribution';
import { hasBody, readViewer, type Viewer } from './viewer';

export interface EdgeSettings {
  /** Bytes of the cache's answers that are kept in memory. */
  readonly cacheBytes: number;
  /** Answer `X-Edgepass-Reason` to a refused request. CloudFront has nothing like it. */
  readonly tellsReason: boolean;
  /** Drop what the cache has of an object when it changes, as AWS does not. */
  readonly followsBucket: boolean;
  /** Tells host and port of the distribution by HTTPS, where viewers can come that way. */
  readonly httpsHost: (() => string) | undefined;
  /** Where home's REST APIs answer. */
  readonly apiUrl: string;
  /** The two letters of the country that viewers are taken to come from. */
  readonly viewerCountry: string | undefined;
}

export interface EdgeOptions extends EdgeSettings {
  readonly fetchFromS3: FetchFromS3;
  readonly now: () => Date;
  /** Told why a request was refused, in the signing core's code; never the URL's query. */
  readonly onRefusal: (refusal: Refused) => void;
}

export interface Refused {
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

/** A link that is asked for again, as every range of a video does, costs no second verification. At most 8 KiB each. */
const REMEMBERED_LINKS = 20_000;
const VERIFIED_SIGNATURES = 10_000;

export function createEdge(options: EdgeOptions): Edge {
  const { now, onRefusal, tellsReason, httpsHost } = options;
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
    if (known) return serveReading(exchange, known.admission, requestOf(known, viewer));
    const admitted = admit(viewer, distribution, admission);
    if ('kind' in admitted) return refuse(exchange, admitted);
    if (!isReading(viewer.method)) return passThrough(exchange, admitted, request);
    return serveReading(exchange, admitted, askedOf(viewer, admitted));
  }

  function knownLink(viewer: Viewer): KnownLink | undefined {
    if (!isReading(viewer.method) || hasBody(viewer)) return undefined;
    return links.find(viewer, Math.floor(now().getTime() / 1000));
  }

  /** What an admitted request is to the cache. A link that decides by itself is remembered. */
  function askedOf(viewer: Viewer, admitted: Admission): CacheRequest {
    if (!admitted.isByUrl || !isKeyedByUrl(admitted.behavior))
      return toCacheRequest(viewer, admitted.target, admitted.behavior);
    return requestOf(links.add(viewer, admitted), viewer);
  }

  function requestOf({ admission: { target, behavior }, asked }: KnownLink, viewer: Viewer): CacheRequest {
    const coding = codingFor(viewer, behavior);
    const before = asked.get(coding);
    if (before) return before;
    const request = toCacheRequest(viewer, target, behavior);
    asked.set(coding, request);
    return request;
  }

  function toCacheRequest(viewer: Viewer, target: string, behavior: Behavior): CacheRequest {
    if (!distribution) throw new Error('there is no distribution');
    return cacheRequest(viewer, target, distribution, behavior);
  }

  function serveReading(exchange: Exchange, { behavior }: Admission, asked: CacheRequest): Promise<void> | undefined {
    const hit = cached.find(asked);
    if (hit && isWholeFromMemory(exchange.viewer, behavior, hit)) return void serveAtOnce(exchange, hit, hit.body);
    return serveInTime(exchange, behavior, asked, hit);
  }

  /** What most requests are: nothing waits, nothing is made that could be there before. */
  function serveAtOnce({ viewer, response, id }: Exchange, entry: CacheEntry, body: MemoryBody): void {
    const age = String(secondsSince(entry.storedAt));
    response.writeHead(200, [...entry.head, 'X-Amz-Cf-Id', id, 'X-Cache', 'Hit from cloudfront', 'Age', age]);
    sendBody(response, viewer.method === 'HEAD' ? undefined : body);
  }

  async function serveInTime(
    exchange: Exchange,
    behavior: Behavior,
    asked: CacheRequest,
    hit: CacheEntry | undefined,
  ): Promise<void> {
    const served: Served = hit ? { entry: hit, outcome: 'Hit' } : await cached.answer(asked, exchange.viewer.ipAddress);
    try {
      await serve(exchange, behavior, asked, served);
    } finally {
      letGoOfBody(served.entry.body);
    }
  }

  async function serve(exchange: Exchange, behavior: Behavior, asked: CacheRequest, served: Served): Promise<void> {
    const { entry, outcome } = served;
    const { viewer, id, response } = exchange;
    const { body } = entry;
    const size = body.kind === 'stream' ? undefined : sizeOf(body);
    const chosen = serveEntry({ ...entry, size }, viewer.method, viewer.headers);
    if (!chosen) return passRefusal(exchange, behavior, asked);
    if (await sendErrorPage(exchange, chosen.status, {})) return;
    const headers = { ...chosen.headers, ...ageOf(entry, outcome), ...edgeHeaders(id, xCache(chosen.status, outcome)) };
    response.writeHead(chosen.status, toViewer(headers, viewer, behavior));
    await sendBody(response, chosen.hasBody ? body : undefined, chosen.range);
  }

  /** Whole seconds since the origin vouched for it; a miss has none. */
  const ageOf = ({ storedAt }: Served['entry'], outcome: CacheOutcome): AnswerHeaders =>
    outcome === 'Hit' ? { Age: secondsSince(storedAt) } : {};

  const secondsSince = (time: number): number => Math.floor((now().getTime() - time) / 1000);

  /** A failed precondition, a range behind the end: in S3's own words, and never kept. */
  async function passRefusal(exchange: Exchange, behavior: Behavior, asked: CacheRequest): Promise<void> {
    const { method, headers } = exchange.viewer;
    await passOn(exchange, behavior, await askOrigin(asked, { method, headers: conditionsOf(headers) }));
  }

  /** What only reading is cached: every other method goes to the origin, body and all. */
  async function passThrough(
    exchange: Exchange,
    { behavior, target }: Admission,
    body: IncomingMessage,
  ): Promise<void> {
    const { viewer } = exchange;
    const asked = toCacheRequest(viewer, target, behavior);
    const length = viewer.headers['content-length'];
    const headers = hasBody(viewer) && length !== undefined ? { 'content-length': length } : {};
    const call = { method: viewer.method, headers, viewerAddress: viewer.ipAddress, ...(hasBody(viewer) && { body }) };
    await passOn(exchange, behavior, await askOrigin(asked, call));
  }

  /** An answer of the origin's as it came. */
  async function passOn({ viewer, response, id }: Exchange, behavior: Behavior, answered: OriginAnswer): Promise<void> {
    const { status, headers, range } = answered;
    const body = bodyOf(answered);
    try {
      if (await sendErrorPage({ viewer, response, id }, status, {})) return;
      const all = { ...headers, ...edgeHeaders(id, xCache(status, 'Miss')) };
      response.writeHead(status, toViewer(all, viewer, behavior));
      await sendBody(response, viewer.method === 'HEAD' ? undefined : body, range);
    } finally {
      letGoOfBody(body);
    }
  }

  async function refuse(exchange: Exchange, refusal: Refusal): Promise<void> {
    const { viewer } = exchange;
    if (refusal.kind === 'page') return answerPage(exchange, refusal.reason);
    if (refusal.kind === 'redirect')
      return answerRedirect(exchange, refusal.status, `https://${httpsHost?.()}${viewer.target}`);
    const { code, reason } = refusal;
    onRefusal({ code, reason, path: viewer.path });
    const headers = tellsReason ? { 'X-Edgepass-Reason': reason } : {};
    if (!(await sendErrorPage(exchange, 403, headers))) answerViewerAccess(exchange, code, headers);
  }

  /**
   * The distribution's own page for an error, where it has one. [UNV] No signature is asked for it, and what the page's own behavior
   * says of viewers does not count. When the page fails, the viewer gets that failure.
   */
  async function sendErrorPage(
    { viewer, response, id }: Exchange,
    status: number,
    headers: AnswerHeaders,
  ): Promise<boolean> {
    const page = status < 400 ? undefined : distribution?.errorResponses[status]?.page;
    const behavior = page && distribution?.behaviorFor(page.path);
    if (!page || !behavior) return false;
    const { entry } = await cached.answer(toCacheRequest(viewer, page.path, behavior), viewer.ipAddress);
    try {
      const answered = { ...entry.headers, ...edgeHeaders(id, 'Error from cloudfront'), ...headers };
      response.writeHead(entry.status === 200 ? page.status : entry.status, toViewer(answered, viewer, behavior));
      await sendBody(response, viewer.method === 'HEAD' ? undefined : entry.body);
      return true;
    } finally {
      letGoOfBody(entry.body);
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
      if (options.followsBucket) return void cache.dropObject(object);
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

const bodyOf = ({ text = '', files, stream }: OriginAnswer): Body =>
  stream ? { kind: 'stream', stream } : files ? inFiles(files) : inMemory(Buffer.from(text));

const xCache = (status: number, outcome: CacheOutcome): string =>
  status >= 400 ? 'Error from cloudfront' : `${outcome} from cloudfront`;

function toViewer(headers: AnswerHeaders, { headers: asked, method }: Viewer, behavior: Behavior): string[] {
  const { responseHeadersPolicy: policy } = behavior;
  return headerList(policy ? applyResponseHeaders(policy, asked, method, headers) : headers);
}
