// What AWS asks for, in US dollars, us-east-1 and viewers in North America or Europe. `page` is where AWS states it; `seen` is when, and where else, the figure was
// read that stands here. A price that nobody could read so is `undefined` there, and the page says so.
const CLOUDFRONT = 'Amazon CloudFront pricing';
const CLOUDWATCH = 'Amazon CloudWatch pricing';
const GATEWAY = 'Amazon API Gateway pricing';
const LAMBDA = 'AWS Lambda pricing';
const S3 = 'Amazon S3 pricing';
const WAF = 'AWS WAF pricing';

const MILLION = 1_000_000;

/** `usd` is for one `unit`; `tiers` are [how much of it, price for one unit], the last without an end; `free` is free every month, for good. */
export const PRICES = {
  transfer: {
    what: 'CloudFront, data transfer out',
    unit: 'GB',
    tiers: [
      [10_240, 0.085],
      [40_960, 0.08],
      [102_400, 0.06],
      [358_400, 0.04],
      [536_576, 0.03],
      [Number.POSITIVE_INFINITY, 0.025],
    ],
    free: 1_024,
    page: CLOUDFRONT,
    seen: 'a copy of that page, undated',
  },
  viewerRequests: {
    what: 'CloudFront, HTTPS requests',
    unit: 'request',
    usd: 0.01 / 10_000,
    free: 10 * MILLION,
    page: CLOUDFRONT,
    seen: 'second hand, March 2026; the free part in a copy of that page, undated',
  },
  storage: { what: 'S3, storage', unit: 'GB-month', usd: 0.023, page: S3, seen: 'second hand, undated' },
  puts: {
    what: 'S3, PUT and LIST requests',
    unit: 'request',
    usd: 0.005 / 1_000,
    page: S3,
    seen: 'second hand, undated',
  },
  gets: { what: 'S3, GET requests', unit: 'request', usd: 0.0004 / 1_000, page: S3, seen: 'second hand, undated' },
  calls: {
    what: 'API Gateway, REST API calls',
    unit: 'call',
    usd: 3.5 / MILLION,
    page: GATEWAY,
    seen: 'second hand, 2026',
  },
  invocations: {
    what: 'Lambda, requests',
    unit: 'request',
    usd: 0.2 / MILLION,
    free: MILLION,
    page: LAMBDA,
    seen: 'second hand, 2024',
  },
  compute: {
    what: 'Lambda, duration, Arm',
    unit: 'GB-second',
    usd: 0.0000133334,
    free: 400_000,
    page: LAMBDA,
    seen: 'second hand, 2024',
  },
  logs: {
    what: 'CloudWatch Logs, ingestion',
    unit: 'GB',
    usd: 0.5,
    free: 5,
    page: CLOUDWATCH,
    seen: 'second hand, June 2026; the free part in a copy of that page, undated',
  },
  metrics: {
    what: 'CloudWatch, custom metrics',
    unit: 'metric',
    usd: 0.3,
    free: 10,
    page: CLOUDWATCH,
    seen: 'second hand, February 2026',
  },
  alarms: { what: 'CloudWatch, alarm metrics', unit: 'metric', usd: 0.1, free: 10, page: CLOUDWATCH, seen: undefined },
  dashboards: {
    what: 'CloudWatch, dashboards',
    unit: 'dashboard',
    usd: 3,
    free: 3,
    page: CLOUDWATCH,
    seen: 'second hand, June 2026',
  },
  additionalMetrics: {
    what: 'CloudFront, additional metrics',
    unit: 'metric',
    usd: 0.3,
    page: 'CloudFront Developer Guide, "Estimate the cost for the additional CloudFront metrics"',
    seen: undefined,
  },
  webAcls: { what: 'WAF, web ACLs', unit: 'web ACL', usd: 5, page: WAF, seen: 'second hand, 2026' },
  webAclRules: { what: 'WAF, rules', unit: 'rule', usd: 1, page: WAF, seen: 'second hand, 2026' },
  webAclRequests: { what: 'WAF, requests', unit: 'request', usd: 0.6 / MILLION, page: WAF, seen: 'second hand, 2026' },
};

/** CloudFront's flat-rate plans: what a month costs, and what is in it. */
export const PLANS = [
  { name: 'Free', usd: 0, requests: MILLION, gigabytes: 100 },
  { name: 'Pro', usd: 15, requests: 10 * MILLION, gigabytes: 50 * 1_024 },
  { name: 'Business', usd: 200, requests: 125 * MILLION, gigabytes: 50 * 1_024 },
  { name: 'Premium', usd: 1_000, requests: 500 * MILLION, gigabytes: 50 * 1_024 },
  { name: 'Premium, 75 TB', usd: 1_450, requests: 750 * MILLION, gigabytes: 75 * 1_024 },
  { name: 'Premium, 125 TB', usd: 2_250, requests: 1_250 * MILLION, gigabytes: 125 * 1_024 },
  { name: 'Premium, 200 TB', usd: 3_500, requests: 2_000 * MILLION, gigabytes: 200 * 1_024 },
  { name: 'Premium, 350 TB', usd: 6_000, requests: 3_500 * MILLION, gigabytes: 350 * 1_024 },
  { name: 'Premium, 600 TB', usd: 10_000, requests: 6_000 * MILLION, gigabytes: 600 * 1_024 },
];
export const PLANS_SOURCE = `${CLOUDFRONT}; CloudFront Developer Guide, "CloudFront flat-rate pricing plans"; read second hand, 5 September 2026`;

/** What an amount of something costs in a month. */
export function costOf({ usd, tiers = [[Number.POSITIVE_INFINITY, usd]] }, amount) {
  let left = amount;
  let sum = 0;
  for (const [size, price] of tiers) {
    const here = Math.min(left, size);
    sum += here * price;
    left -= here;
  }
  return sum;
}
