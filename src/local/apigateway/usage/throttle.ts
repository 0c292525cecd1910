/** The account's own limits, which hold where a template sets only one of the two. Source: "API Gateway quotas". */
import type { Throttle } from '../model';

const ACCOUNT_RATE_LIMIT = 10_000;
const ACCOUNT_BURST_LIMIT = 5_000;

export function throttleOf(rateLimit: number | undefined, burstLimit: number | undefined): Throttle | undefined {
  if (rateLimit === undefined && burstLimit === undefined) return undefined;
  return { rateLimit: rateLimit ?? ACCOUNT_RATE_LIMIT, burstLimit: burstLimit ?? ACCOUNT_BURST_LIMIT };
}

interface Bucket {
  tokens: number;
  filledAt: number;
}

/** Token buckets, each full at first. Source: API Gateway Developer Guide, "Throttle requests to your REST APIs". */
export class TokenBuckets {
  readonly #buckets: Map<string, Bucket> = new Map();

  /** Takes a token of the bucket with this name; false when it is empty. */
  take(name: string, { rateLimit, burstLimit }: Throttle, nowMs: number): boolean {
    const bucket = this.#buckets.get(name) ?? { tokens: burstLimit, filledAt: nowMs };
    const refill = (Math.max(0, nowMs - bucket.filledAt) / 1000) * rateLimit;
    bucket.tokens = Math.min(burstLimit, bucket.tokens + refill);
    bucket.filledAt = nowMs;
    this.#buckets.set(name, bucket);
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }
}
