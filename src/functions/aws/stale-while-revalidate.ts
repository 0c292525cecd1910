/** When a value is asked for anew, in milliseconds after it was fetched. */
export interface Freshness {
  /** Until then it is served as it is. */
  readonly freshMs: number;
  /** Until then it is served while it is fetched again in the background, also when that fails. */
  readonly staleMs: number;
  /** After a failed fetch none is tried for so long. */
  readonly pauseMs: number;
  /** @default Date.now */
  readonly now?: () => number;
}

/**
 * A value that is fetched once and then kept fresh: nobody waits but for the first fetch, concurrent askers share it, and a failure is
 * only seen when there is nothing to serve.
 */
export function refreshed<T>(
  fetchValue: () => Promise<T>,
  { freshMs, staleMs, pauseMs, now = Date.now }: Freshness,
): () => Promise<T> {
  let held: { readonly value: T; readonly at: number } | undefined;
  let fetching: Promise<T> | undefined;
  let failedAt = Number.NEGATIVE_INFINITY;

  async function refresh(): Promise<T> {
    try {
      const value = await fetchValue();
      held = { value, at: now() };
      return value;
    } catch (error) {
      failedAt = now();
      throw error;
    } finally {
      fetching = undefined;
    }
  }

  return async () => {
    const age = held ? now() - held.at : Number.POSITIVE_INFINITY;
    if (held && age < freshMs) return held.value;
    const servable = held && age < staleMs ? held : undefined;
    if (servable && now() - failedAt < pauseMs) return servable.value;
    fetching ??= refresh();
    if (!servable) return fetching;
    fetching.catch((error: Error) => {
      console.error({ message: `A refresh failed, what was there before is kept (${error.name})` });
    });
    return servable.value;
  };
}
