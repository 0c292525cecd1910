// What a month of links costs, line by line.
import { costOf, PLANS, PRICES } from './prices.mjs';

/** What holds for every workload. Measured at one's own stack where a metric is named. */
export const ASSUMPTIONS = {
  /** One API call that signs one link: the signer's duration, milliseconds (metricSignDuration). */
  callMs: 20,
  /** `memorySize` of the functions, in GB. */
  memoryGb: 0.25,
  /** Log lines of one API call, bytes: the audit line, the counts, Lambda's own three. */
  logBytes: 1_700,
  /** One line of CloudFront's standard logs (v2), bytes, as they lie in the log bucket, compressed. */
  accessLogBytes: 200,
  /** Months that access logs are kept: THREE_MONTHS. */
  accessLogMonths: 3,
  /** Share of viewers' requests that CloudFront has to ask S3 for. */
  missShare: 0.2,
  /** Metrics that the functions count: four of each action that is used, and the key's age. */
  countedMetrics: 13,
  /** Metrics that the alarms look at, with uploads. */
  alarmMetrics: 12,
  /** CloudFront's additional metrics of one distribution. */
  additionalMetrics: 8,
  /** Rules of `managedWebAcl`. */
  webAclRules: 3,
};

/** Of a month. `requests`: of viewers, for objects; `megabytes`: of one answer. */
export const WORKLOADS = [
  { name: 'a team', links: 10_000, requests: 20_000, megabytes: 5, uploads: 1_000, storedGb: 50 },
  { name: 'a product', links: 1_000_000, requests: 3_000_000, megabytes: 4, uploads: 50_000, storedGb: 500 },
  {
    name: 'a video library',
    links: 20_000_000,
    requests: 400_000_000,
    megabytes: 1,
    uploads: 10_000,
    storedGb: 20_000,
  },
];

const BYTES_A_GB = 1024 ** 3;

/** The bill's lines: `[key of PRICES, amount]`, the stack's own and those that `logs`, `alarms`, `dashboard` and `managedWebAcl` add. */
export function amountsOf({ links, requests, megabytes, uploads, storedGb }, assumed = ASSUMPTIONS) {
  const calls = links + uploads;
  const own = [
    ['transfer', (requests * megabytes) / 1_024],
    ['viewerRequests', requests],
    ['storage', storedGb],
    ['puts', uploads],
    ['gets', requests * assumed.missShare],
    ['calls', calls],
    ['invocations', calls],
    ['compute', (calls * assumed.callMs * assumed.memoryGb) / 1_000],
    ['logs', (calls * assumed.logBytes) / BYTES_A_GB],
    ['metrics', assumed.countedMetrics],
  ];
  const operations = [
    ['alarms', assumed.alarmMetrics],
    ['additionalMetrics', assumed.additionalMetrics],
    ['dashboards', 1],
    ['storage', (requests * assumed.accessLogBytes * assumed.accessLogMonths) / BYTES_A_GB],
    ['webAcls', 1],
    ['webAclRules', assumed.webAclRules],
    ['webAclRequests', requests],
  ];
  return { own, operations };
}

/** A line's cost at AWS's list price, and where nothing else in the account uses what is free every month. */
export function priceLine([key, amount]) {
  const price = PRICES[key];
  return { key, amount, list: costOf(price, amount), due: costOf(price, Math.max(0, amount - (price.free ?? 0))) };
}

export function billOf(workload) {
  const { own, operations } = amountsOf(workload);
  const lines = { own: own.map(priceLine), operations: operations.map(priceLine) };
  const sum = (part, column) => part.reduce((total, line) => total + line[column], 0);
  const total = (column) => sum(lines.own, column) + sum(lines.operations, column);
  return { ...lines, ownDue: sum(lines.own, 'due'), list: total('list'), due: total('due') };
}

/** What a flat-rate plan stands in for: CloudFront's and WAF's lines. */
const IN_PLANS = ['transfer', 'viewerRequests', 'webAcls', 'webAclRules', 'webAclRequests'];

/** The cheapest plan whose allowances hold the workload, and what it would cost by use; `plan` is undefined where there is none. */
export function planFor(workload) {
  const { own, operations } = billOf(workload);
  const byUse = [...own, ...operations]
    .filter(({ key }) => IN_PLANS.includes(key))
    .reduce((total, { due }) => total + due, 0);
  const gigabytes = (workload.requests * workload.megabytes) / 1_024;
  // Calls of the API under /_api/ pass the distribution too.
  const requests = workload.requests + workload.links + workload.uploads;
  const plan = PLANS.find((one) => one.gigabytes >= gigabytes && one.requests >= requests);
  return { plan, byUse };
}
