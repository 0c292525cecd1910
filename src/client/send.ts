import { EdgepassApiError } from './api-error';

/** How the client reaches the API. */
export interface ClientOptions {
  /** The stack's output `RestApiUrl`, or the distribution's address with `/_api/` behind it. */
  readonly url: string;
  /** An API key. @default - none is sent */
  readonly apiKey?: string;
  /** A bearer token, or what makes one for each request. @default - none is sent */
  readonly token?: string | (() => string | Promise<string>);
  /** @default globalThis.fetch */
  readonly fetch?: typeof globalThis.fetch;
  /** How often a request is sent again that got no answer, a 429 or a 5xx. @default 3 */
  readonly retries?: number;
}

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below the API's URL, without a slash in front. */
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/** Sends one request of the API's, and again where that cannot do harm: every call may be repeated. @throws EdgepassApiError */
export type Send = (request: ApiRequest) => Promise<Response>;

const FIRST_DELAY_MS = 100;

export function createSend(options: ClientOptions): Send {
  const { token, apiKey } = options;
  const base = options.url.endsWith('/') ? options.url : `${options.url}/`;
  return async ({ method, path, body, headers, signal }) => {
    const bearer = typeof token === 'function' ? await token() : token;
    const response = await fetchWithRetries(options, `${base}${path}`, {
      method,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(apiKey !== undefined && { 'x-api-key': apiKey }),
        ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    });
    if (response.ok) return response;
    throw await toApiError(response);
  };
}

const isRetryable = ({ status }: Response): boolean => status === 429 || status >= 500;

/** Any request that may be repeated. Pauses grow and are jittered, so that many who wait do not come back together. */
export async function fetchWithRetries(
  { fetch = globalThis.fetch, retries = 3 }: Pick<ClientOptions, 'fetch' | 'retries'>,
  url: string,
  init: RequestInit,
): Promise<Response> {
  for (let attempt = 0; ; attempt++) {
    const outcome = await fetch(url, init).catch((error: unknown) => error);
    if (outcome instanceof Response && !isRetryable(outcome)) return outcome;
    init.signal?.throwIfAborted();
    if (attempt >= retries) {
      if (outcome instanceof Response) return outcome;
      throw new EdgepassApiError(
        { code: 'ERR_NETWORK', status: 0, detail: `no answer after ${attempt + 1} attempts: see the cause` },
        { cause: outcome },
      );
    }
    if (outcome instanceof Response) await outcome.body?.cancel();
    await delay(FIRST_DELAY_MS * 2 ** attempt * (0.5 + Math.random()));
  }
}

const delay = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function toApiError(response: Response): Promise<EdgepassApiError> {
  const { status } = response;
  const text = await response.text();
  const unknown = {
    code: 'ERR_UNEXPECTED_ANSWER',
    status,
    detail: `the API answered ${status} without a problem in JSON`,
  };
  try {
    return new EdgepassApiError({ ...unknown, ...JSON.parse(text), status });
  } catch {
    return new EdgepassApiError(unknown);
  }
}
