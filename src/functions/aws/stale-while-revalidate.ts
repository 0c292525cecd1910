/** How long a value is used, in milliseconds after it was fetched. */
export interface Freshness {
  /** Until then it is returned without a fetch. */
  readonly freshMs: number;
  /** Until then it is returned while a fetch runs in the background, also when that fails. */
  readonly staleMs: number;
  /** How long no fetch is tried after one that failed. */
  readonly pauseMs: number;
  /** @default Date.now */
  readonly now?: () => number;
}

/**
 * Fetches a value once and keeps it fresh: callers wait for the first fetch alone and share it, and a failed fetch rejects only when there is
 * no value to return. Source: RFC 5861, sections 3 and 4.
 */
export function staleWhileRevalidate<T>(
  fetchValue: () => Promise<T>,
  { freshMs, staleMs, pauseMs, now = Date.now }: Freshness,
): () => Promise<T> {
  let cached: { readonly value: T; readonly at: number } | undefined;
  let fetching: Promise<T> | undefined;
  let failedAt = Number.NEGATIVE_INFINITY;

  async function refresh(): Promise<T> {
    try {
      const value = await fetchValue();
      cached = { value, at: now() };
      return value;
    } catch (error) {
      failedAt = now();
      throw error;
    } finally {
      fetching = undefined;
    }
  }

  return async () => {
    const age = cached ? now() - cached.at : Number.POSITIVE_INFINITY;
    if (cached && age < freshMs) return cached.value;
    const stale = cached && age < staleMs ? cached : undefined;
    if (stale && now() - failedAt < pauseMs) return stale.value;
    fetching ??= refresh();
    if (!stale) return fetching;
    fetching.catch((error: Error) => {
      console.error({ message: `A refresh failed, what was there before is kept (${error.name})` });
    });
    return stale.value;
  };
}
