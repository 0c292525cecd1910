import { contentBehaviors } from './check-distribution';
import type { DeployedSystem, KeyGeneration } from './deployed-system';
import type { Check, DoctorSettings, Finding } from './finding';
import { observed } from './observation';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const ROTATE = 'npx edgepass keys rotate';

/** The rotation function puts right what it finds, whenever it runs. */
const RUN_MAINTENANCE =
  'have the stack put it right: aws lambda invoke --function-name NAME /dev/stdout, with the stack’s output KeysFunction';

export const KEY_CHECKS: readonly Check[] = [
  { title: 'a key pair signs, and it is young enough', run: signingKey },
  { title: 'the key group takes the keys that sign, and no others', run: keyGroups },
];

/** As the signers choose: the last one whose time has come; before the first one's, the first. */
function signingOf(keys: readonly KeyGeneration[], now: Date): KeyGeneration | undefined {
  const inTime = [...keys].sort((one, other) => one.signsFrom.getTime() - other.signsFrom.getTime());
  return inTime.findLast(({ signsFrom }) => signsFrom <= now) ?? inTime[0];
}

function signingKey({ keys, now }: DeployedSystem, { maxKeyAge }: DoctorSettings): Finding[] {
  const key = signingOf(observed(keys), now);
  if (!key)
    return [
      {
        code: 'NO_KEY_SIGNS',
        severity: 'error',
        what: 'the stack knows of no key pair, so that the API can hand out no links',
        fix: RUN_MAINTENANCE,
      },
    ];
  const days = Math.floor((now.getTime() - key.createdAt.getTime()) / DAY_MS);
  if (days <= maxKeyAge) return [];
  return [
    {
      code: 'KEY_OLD',
      severity: 'warning',
      what: `the key pair ${key.keyPairId} that signs is ${days} days old; the limit is ${maxKeyAge} (--max-key-age)`,
      fix: ROTATE,
    },
  ];
}

function keyGroups(system: DeployedSystem, settings: DoctorSettings): Finding[] {
  const { now } = system;
  const keys = observed(system.keys);
  const groups = observed(system.keyGroups);
  const trusted = contentBehaviors(observed(system.distribution), settings).flatMap((one) => one.trustedKeyGroups);
  return [...new Set(trusted)].flatMap((id) => {
    const items = groups[id] ?? [];
    const known = new Set(keys.map(({ keyPairId }) => keyPairId));
    return [
      ...keys.filter((key) => !isRetired(key, now) && !items.includes(key.keyPairId)).map((key) => notTaken(key, id)),
      ...keys.filter((key) => isOverdue(key, now) && items.includes(key.keyPairId)).map((key) => notRetired(key, id)),
      ...items.filter((item) => !known.has(item)).map((item) => unknownKey(item, id)),
    ];
  });
}

const isRetired = ({ retiresAt }: KeyGeneration, now: Date): boolean => retiresAt !== undefined && retiresAt <= now;

/** The stack looks every hour, and may once fail. */
const isOverdue = ({ retiresAt }: KeyGeneration, now: Date): boolean =>
  retiresAt !== undefined && now.getTime() - retiresAt.getTime() > 2 * HOUR_MS;

const notTaken = ({ keyPairId }: KeyGeneration, group: string): Finding => ({
  code: 'KEY_NOT_IN_GROUP',
  severity: 'error',
  what: `the key group ${group} does not take the key ${keyPairId}, which the stack signs with or is about to: its links are refused`,
  fix: RUN_MAINTENANCE,
});

const notRetired = ({ keyPairId, retiresAt }: KeyGeneration, group: string): Finding => ({
  code: 'KEY_NOT_RETIRED',
  severity: 'warning',
  what: `the key group ${group} still takes the key ${keyPairId}, whose time ended at ${retiresAt?.toISOString()}`,
  fix: RUN_MAINTENANCE,
});

const unknownKey = (keyPairId: string, group: string): Finding => ({
  code: 'KEY_UNKNOWN',
  // Somebody may have put it there on purpose; the stack leaves such keys alone.
  severity: 'warning',
  what: `the key group ${group} takes the key ${keyPairId}, which is none of the stack's: whoever has its private key can open every file`,
  fix: removal(group),
});

/** CloudFront takes a group's whole configuration and the ETag that `get` answered. */
const removal = (group: string): string =>
  `take it out of the group: aws cloudfront get-key-group --id ${group}, then aws cloudfront update-key-group --id ${group} --if-match ETAG --key-group-config CONFIG`;
