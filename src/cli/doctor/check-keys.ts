import { contentBehaviors } from './check-distribution';
import type { DeployedSystem, KeyGeneration } from './deployed-system';
import type { Check, DoctorSettings, Finding } from './finding';
import { seen } from './look';

const DAY_MS = 86_400_000;
const ROTATE = 'npx edgepass keys rotate';

export const KEY_CHECKS: readonly Check[] = [
  { holds: 'a key pair signs, and it is young enough', look: signingKey },
  { holds: 'the key group takes the keys that sign, and no others', look: keyGroups },
];

/** The youngest that signs already. */
function signingOf(keys: readonly KeyGeneration[], now: Date): KeyGeneration | undefined {
  const signing = keys.filter(({ signsFrom }) => signsFrom <= now);
  return signing.sort((one, other) => other.signsFrom.getTime() - one.signsFrom.getTime())[0];
}

function signingKey({ keys, now }: DeployedSystem, { maxKeyAge }: DoctorSettings): Finding[] {
  const key = signingOf(seen(keys), now);
  if (!key)
    return [
      {
        code: 'NO_KEY_SIGNS',
        severity: 'error',
        what: 'no key pair signs at this moment, so that the API can hand out no links',
        mend: ROTATE,
      },
    ];
  const days = Math.floor((now.getTime() - key.createdAt.getTime()) / DAY_MS);
  if (days <= maxKeyAge) return [];
  return [
    {
      code: 'KEY_OLD',
      severity: 'warning',
      what: `the key pair ${key.keyPairId} that signs is ${days} days old; the limit is ${maxKeyAge} (--max-key-age)`,
      mend: ROTATE,
    },
  ];
}

function keyGroups(system: DeployedSystem, settings: DoctorSettings): Finding[] {
  const { now } = system;
  const keys = seen(system.keys);
  const groups = seen(system.keyGroups);
  const trusted = contentBehaviors(seen(system.distribution), settings).flatMap((one) => one.trustedKeyGroups);
  return [...new Set(trusted)].flatMap((id) => {
    const items = groups[id] ?? [];
    const known = new Set(keys.map(({ keyPairId }) => keyPairId));
    return [
      ...keys.filter((key) => !isRetired(key, now) && !items.includes(key.keyPairId)).map((key) => notTaken(key, id)),
      ...keys.filter((key) => isRetired(key, now) && items.includes(key.keyPairId)).map((key) => notRetired(key, id)),
      ...items.filter((item) => !known.has(item)).map((item) => unknownKey(item, id)),
    ];
  });
}

const isRetired = ({ retiresAt }: KeyGeneration, now: Date): boolean => retiresAt !== undefined && retiresAt <= now;

const notTaken = ({ keyPairId }: KeyGeneration, group: string): Finding => ({
  code: 'KEY_NOT_IN_GROUP',
  severity: 'error',
  what: `the key group ${group} does not take the key ${keyPairId}, which the stack signs with or is about to: its links are refused`,
  mend: 'edgepass deploy; where that changes nothing, a new key pair: npx edgepass keys rotate',
});

const notRetired = ({ keyPairId, retiresAt }: KeyGeneration, group: string): Finding => ({
  code: 'KEY_NOT_RETIRED',
  severity: 'warning',
  what: `the key group ${group} still takes the key ${keyPairId}, whose time ended at ${retiresAt?.toISOString()}`,
  mend: removal(group),
});

const unknownKey = (keyPairId: string, group: string): Finding => ({
  code: 'KEY_UNKNOWN',
  severity: 'error',
  what: `the key group ${group} takes the key ${keyPairId}, which is none of the stack's: whoever has its private key can open every file`,
  mend: removal(group),
});

/** CloudFront takes a group's whole configuration and the ETag that `get` answered. */
const removal = (group: string): string =>
  `take it out of the group: aws cloudfront get-key-group --id ${group}, then aws cloudfront update-key-group --id ${group} --if-match ETAG --key-group-config CONFIG`;
