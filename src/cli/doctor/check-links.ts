import type { DeployedSystem } from './deployed-system';
import type { Check, Finding } from './finding';
import { observed } from './observation';

/** A `Date` header has whole seconds, and the answer was under way. */
const MOST_CLOCK_SKEW_MS = 30_000;

export const LINK_CHECKS: readonly Check[] = [
  { title: 'this machine’s clock is right', run: clock },
  { title: 'a link opens its file; altered or left unsigned it opens nothing', run: testLink },
];

function clock({ clockAhead }: DeployedSystem): Finding[] {
  const ahead = observed(clockAhead);
  if (Math.abs(ahead) <= MOST_CLOCK_SKEW_MS) return [];
  const seconds = Math.round(Math.abs(ahead) / 1000);
  return [
    {
      code: 'CLOCK_SKEW',
      severity: 'warning',
      what:
        `this machine's clock is ${seconds} s ${ahead > 0 ? 'ahead of' : 'behind'} the distribution's: links that are signed here begin and end at the wrong time` +
        ', and from 5 minutes on AWS refuses requests',
      fix: 'set the clock: sudo timedatectl set-ntp true',
    },
  ];
}

function testLink({ testLink: look }: DeployedSystem): Finding[] {
  const { signed, tampered, unsigned } = observed(look);
  const findings: Finding[] = [];
  if (signed.status !== 206 && signed.status !== 200) {
    const byCloudFront = signed.server === 'CloudFront';
    findings.push({
      code: 'LINK_REFUSED',
      severity: 'error',
      what: `a link that the API has just signed was answered with ${signed.status}, by ${byCloudFront ? 'CloudFront' : 'the bucket'}`,
      fix: byCloudFront
        ? 'see the findings on keys; POST /explain tells more of a link'
        : 'see the findings on the bucket policy and the encryption key',
    });
  }
  for (const [what, { status }] of [
    ['an altered signature', tampered],
    ['no signature', unsigned],
  ] as const) {
    if (status === 403) continue;
    findings.push({
      code: 'OPENED_WITHOUT_RIGHT',
      severity: 'error',
      what: `a request with ${what} was answered with ${status} and not with 403`,
      fix: 'trustedKeyGroups: [keyGroup] on the behavior that the file falls under',
    });
  }
  return findings;
}
