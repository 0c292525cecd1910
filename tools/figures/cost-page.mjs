// docs/cost.md, from the prices and the bills.
import { ASSUMPTIONS, billOf, planFor, WORKLOADS } from './bill.mjs';
import { PLANS, PLANS_SOURCE, PRICES } from './prices.mjs';
import { number, row, usd } from './text.mjs';

export function costPage() {
  const bills = WORKLOADS.map(billOf);
  const names = WORKLOADS.map(({ name }) => name);
  const lines = (part) =>
    bills[0][part].map(({ key }, at) =>
      row([PRICES[key].what, ...bills.map((bill) => `${number(bill[part][at].amount)} | ${usd(bill[part][at].due)}`)]),
    );
  const perLink = WORKLOADS.map(({ links }, at) => usd((bills[at].due / links) * 1_000));
  const columns = names.map((name) => `${name}, a month | USD`);
  const rule = (count) => row(Array.from({ length: count }, () => '---'));
  return `# Cost

What a month costs in us-east-1, with viewers in North America or Europe: calculated by \`node tools/figures/generate.mjs\` from the prices at the end, which also writes
this page; a test calculates it again. All of it is by use but the alarms, the dashboard, the metrics and the web ACL. USD are what is due
where nothing else in the account uses AWS's monthly free allowances that do not end.

## Three workloads

${row(['', ...names])}
${rule(1 + names.length)}
${row(['links signed, one a call', ...WORKLOADS.map(({ links }) => number(links))])}
${row(["viewers' requests", ...WORKLOADS.map(({ requests }) => number(requests))])}
${row(['MB an answer', ...WORKLOADS.map(({ megabytes }) => number(megabytes))])}
${row(['uploads', ...WORKLOADS.map(({ uploads }) => number(uploads))])}
${row(['GB stored', ...WORKLOADS.map(({ storedGb }) => number(storedGb))])}

Assumed of each: a call keeps a function busy for ${ASSUMPTIONS.callMs} ms with ${ASSUMPTIONS.memoryGb} GB (look at \`metricSignDuration\`) and logs ${number(ASSUMPTIONS.logBytes)} bytes;
${ASSUMPTIONS.missShare * 100} % of viewers' requests are not in CloudFront's cache; an access log line is ${ASSUMPTIONS.accessLogBytes} bytes in the log bucket, kept for ${ASSUMPTIONS.accessLogMonths} months. Left out: KMS requests (one an execution environment a
minute), X-Ray, S3's server access logs, versions of objects that were overwritten, data transfer of calls that do not pass the distribution, invalidations over 1,000 paths.

## The bills

${row(['', ...columns])}
${rule(1 + 2 * names.length)}
${lines('own').join('\n')}
${row(['**The stack**', ...bills.map((bill) => ` | **${usd(bill.ownDue)}**`)])}
${lines('operations')
  .map((line) => line.replace('S3, storage', 'S3, storage of access logs'))
  .join('\n')}
${row(['**With logs, alarms, dashboard and web ACL**', ...bills.map((bill) => ` | **${usd(bill.due)}**`)])}
${row(['The same without free allowances', ...bills.map((bill) => ` | ${usd(bill.list)}`)])}
${row(['A thousand links', ...perLink.map((price) => ` | ${price}`)])}

## Flat-rate plans, or by use

A plan stands in for what CloudFront and AWS WAF ask by use, for one distribution, without charges beyond it; over its allowance AWS may slow it down or ask to change the
plan. The construct is shaped for them: origin access control, cache policies, no Lambda@Edge, no real-time logs. Which plans take trusted key groups could not be
verified, nor what a plan, which has AWS WAF in it, does with \`managedWebAcl\`: look before you choose one.

${row(['', ...names])}
${rule(1 + names.length)}
${row(['CloudFront and WAF by use, USD', ...WORKLOADS.map((one) => usd(planFor(one).byUse))])}
${row(['the smallest plan that holds it', ...WORKLOADS.map((one) => planName(planFor(one).plan))])}
${row(['the cheaper of the two', ...WORKLOADS.map(cheaper)])}

${row(['plan', 'USD a month', 'requests', 'GB'])}
${rule(4)}
${PLANS.map((plan) => row([plan.name, number(plan.usd), number(plan.requests), number(plan.gigabytes)])).join('\n')}

Source: ${PLANS_SOURCE}.

## Prices

Look at AWS's page before you rely on one: these could only be read where the last column says.

${row(['', 'USD', 'for one', 'free a month', "AWS's page", 'read'])}
${rule(6)}
${Object.values(PRICES).map(priceRow).join('\n')}
`;
}

const planName = (plan) => (plan ? `${plan.name}, ${number(plan.usd)} USD` : 'none: ask AWS');

function cheaper(workload) {
  const { plan, byUse } = planFor(workload);
  if (!plan) return 'by use';
  return plan.usd < byUse ? 'the plan' : 'by use';
}

function priceRow({ what, unit, usd: price, tiers, free, page, seen }) {
  const text = tiers
    ? tiers.map(([size, one]) => `${one} for ${Number.isFinite(size) ? `${number(size)}, then` : 'the rest'}`).join(' ')
    : price.toFixed(10).replace(/\.?0+$/, '');
  return row([what, text, unit, free === undefined ? '' : number(free), page, seen ?? '**not verified**']);
}
