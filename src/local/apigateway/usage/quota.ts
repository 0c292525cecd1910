import type { Quota } from '../model';

interface Count {
  readonly periodStart: number;
  requests: number;
}

/** Requests counted by period. Periods begin at midnight UTC, weeks on Sunday, months on the first. */
export class QuotaCounts {
  readonly #counts: Map<string, Count> = new Map();

  /** Counts a request against the quota with this name; false when the period has no more. */
  take(name: string, { limit, period }: Quota, nowMs: number): boolean {
    const periodStart = START[period](new Date(nowMs));
    const known = this.#counts.get(name);
    const count = known?.periodStart === periodStart ? known : { periodStart, requests: 0 };
    this.#counts.set(name, count);
    if (count.requests >= limit) return false;
    count.requests += 1;
    return true;
  }
}

const START: Readonly<Record<Quota['period'], (now: Date) => number>> = {
  DAY: (now) => Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()),
  WEEK: (now) => Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() - now.getUTCDay()),
  MONTH: (now) => Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1),
};
