// docs/quotas.md, from the quotas.
import { ASSUMPTIONS } from './bill.mjs';
import { BATCHES, loadOf, MORE_LINK_MS, QUOTAS, RATES, usesOf } from './quotas.mjs';
import { number, row } from './text.mjs';

export function quotasPage() {
  const cases = BATCHES.flatMap((batch) => RATES.map((rate) => ({ batch, rate, load: loadOf(rate, batch) })));
  const rule = (count) => row(Array.from({ length: count }, () => '---'));
  return `# Quotas, and what gives first

How much of each of AWS's default quotas a rate of links takes, in one account and region: calculated by \`node tools/figures/generate.mjs\`, which also writes this page; a
test calculates it again. Over 100 % gives: the callers get 429 from API Gateway and the usage plan, 502 where Parameter Store refuses, viewers 503 from CloudFront and S3.

Assumed: every link is asked for once, every call passes the distribution, ${ASSUMPTIONS.missShare * 100} % of viewers' requests are not in the cache; a call with one link keeps the
signer busy for ${ASSUMPTIONS.callMs} ms, each further link adds ${MORE_LINK_MS} ms. Put in what \`metricSignDuration\` says of your own.

${row(['links a second', 'links a call', 'gives first', 'of it', 'then', 'of it'])}
${rule(6)}
${cases.map(summary).join('\n')}

Where the signer is the narrow place, sign in your own processes: \`edgepass\`'s \`createSigner\` with the key from Parameter Store ([keys.md](keys.md#sign-in-an-application-of-your-own)), and neither
API Gateway nor Lambda is in the way. One link to a folder (\`POST /folders\`) stands for all that is in it.

## Each quota

${row(['', 'default', 'unit', ...cases.map(({ rate, batch }) => `${number(rate)} a second, ${batch} a call`)])}
${rule(3 + cases.length)}
${QUOTAS.map((quota) => row([quota.name, number(quota.limit), quota.unit, ...cases.map(({ load }) => percent(quota.asks(load) / quota.limit))])).join('\n')}

## Where they are stated

${row(['', 'more of it', "AWS's page", 'read'])}
${rule(4)}
${QUOTAS.map(({ name, raise, page, seen }) => row([name, raise, page, seen])).join('\n')}

CloudFront takes 5 public keys in a key group and 4 key groups in a behavior: an old key stays in the group until the last link that it signed is over, so four rotations
within \`maxLifetime\` are the most. An account has 10 key groups at first, and every \`PrivateContent\` one, whatever its region: the eleventh is deployed once Service Quotas
has raised that (source: CloudFront Developer Guide, "Quotas on key groups").
`;
}

function summary({ rate, batch, load }) {
  const [first, second] = usesOf(load);
  const named = ({ quota, share }) => [share > 1 ? `**${quota.name}**` : quota.name, percent(share)];
  return row([number(rate), number(batch), ...named(first), ...named(second)]);
}

function percent(share) {
  const text = `${number(share * 100)} %`;
  return share > 1 ? `**${text}**` : text;
}
