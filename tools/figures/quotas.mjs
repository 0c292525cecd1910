// What AWS lets one account have in one region, and what a rate of links asks of it.
import { ASSUMPTIONS } from './bill.mjs';

/** `asks` is what a load wants of the quota, in its unit. Defaults; `raise` says how there is more. */
export const QUOTAS = [
  {
    name: 'Usage plan of the API key, rate',
    unit: 'calls a second',
    limit: 1_000,
    asks: ({ calls }) => calls,
    raise: '`ApiAuth.apiKey({ throttle })`',
    page: 'the default of `ApiAuth.apiKey()`',
    seen: 'this repository',
  },
  {
    name: 'API Gateway, throttle of the account',
    unit: 'calls a second',
    limit: 10_000,
    asks: ({ calls }) => calls,
    raise: 'Service Quotas; 2,500 at first in some regions',
    page: 'API Gateway Developer Guide, "Amazon API Gateway quotas"',
    seen: 'that page, undated',
  },
  {
    name: 'Lambda, concurrent executions of the account',
    unit: 'at once',
    limit: 1_000,
    asks: ({ busy }) => busy,
    raise: 'Service Quotas; new accounts begin below',
    page: 'Lambda Developer Guide, "Lambda quotas"',
    seen: 'not verified',
  },
  {
    name: 'Lambda, calls a second for that concurrency (ten times it)',
    unit: 'calls a second',
    limit: 10_000,
    asks: ({ calls }) => calls,
    raise: 'grows with the concurrency',
    page: 'Lambda Developer Guide, "Lambda scaling behavior"',
    seen: 'that page, undated',
  },
  {
    name: 'Parameter Store, GetParameter while it goes on',
    unit: 'a second',
    limit: 40,
    asks: ({ environments }) => environments / 60,
    raise: 'higher throughput, a setting of the account that costs money',
    page: 'AWS General Reference, "AWS Systems Manager endpoints and quotas"',
    seen: 'second hand, 2022',
  },
  {
    name: 'Parameter Store, GetParameter when all begin within ten seconds',
    unit: 'a second',
    limit: 40,
    asks: ({ environments }) => Math.min(environments, 1_000) / 10,
    raise: 'higher throughput; a call that fails for it is answered 502, and the next one tries again',
    page: 'AWS General Reference, "AWS Systems Manager endpoints and quotas"; Lambda Developer Guide, "Lambda scaling behavior" (1,000 environments in ten seconds)',
    seen: 'second hand, 2022',
  },
  {
    name: 'CloudFront, requests of a distribution',
    unit: 'a second',
    limit: 250_000,
    asks: ({ links, calls }) => links + calls,
    raise: 'Service Quotas; not with a flat-rate plan',
    page: 'CloudFront Developer Guide, "Quotas"',
    seen: 'that page, undated',
  },
  {
    name: 'S3, GET of one prefix, for what is not in the cache',
    unit: 'a second',
    limit: 5_500,
    asks: ({ links }) => links * ASSUMPTIONS.missShare,
    raise: 'more prefixes; S3 parts them by itself, in its time',
    page: 'Amazon S3 User Guide, "Best practices design patterns"',
    seen: 'AWS Knowledge Center, undated',
  },
];

/** Links a second. */
export const RATES = [10, 1_000, 100_000];
/** Links that one call signs: `file`, and a hundred `files` of the thousand that it may have. */
export const BATCHES = [1, 100];

/** Milliseconds that each link after the first adds to a call: a signature with RSA-2048 on a quarter of a GB. */
export const MORE_LINK_MS = 5;

/** What a rate of links is for the parts, each link asked for once, and every call through the distribution. */
export function loadOf(links, batch) {
  const calls = links / batch;
  const callMs = ASSUMPTIONS.callMs + (batch - 1) * MORE_LINK_MS;
  const busy = (calls * callMs) / 1_000;
  return { links, calls, busy, environments: Math.ceil(busy) };
}

/** How much of each quota a load takes, 1 being all of it; the most first. */
export function usesOf(load) {
  return QUOTAS.map((quota) => ({ quota, asked: quota.asks(load), share: quota.asks(load) / quota.limit })).sort(
    (one, other) => other.share - one.share,
  );
}
