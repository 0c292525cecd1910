import { checkString, EdgepassError } from '../errors';

/** Public key ids begin with K; the key pairs of an account's root user, which came before them, with APKA. */
const KEY_PAIR_ID = /^(?:K|APKA)[A-Z0-9]{1,62}$/;

/** What people pass in place of a public key's id, by its looks. */
const MISTAKES: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN/, 'it is a PEM; use the id of the public key, as in K2JCJMDEHXQW5F'],
  [
    /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
    "it is a key group's id; use the id of a public key in its key group",
  ],
  [/^A(?:KIA|SIA|IDA|ROA)[A-Z0-9]+$/, 'it is an IAM id; use the id of a public key in CloudFront'],
  [/^E[A-Z0-9]{12,13}$/, "it looks like a distribution's id; use the id of a public key in its key group"],
  [/\s|%/, 'it has white space or is percent-encoded'],
];

/** In words, what this looks like instead of a public key's id. */
export const mistakenKeyPairId = (value: string): string | undefined =>
  KEY_PAIR_ID.test(value) ? undefined : MISTAKES.find(([pattern]) => pattern.test(value))?.[1];

export function checkKeyPairId(value: string): string {
  checkString(value, 'keyPairId');
  if (KEY_PAIR_ID.test(value)) return value;
  const what = mistakenKeyPairId(value) ?? 'it must be capital letters and digits from K, as in K2JCJMDEHXQW5F';
  throw new EdgepassError('ERR_KEY_PAIR_ID_INVALID', `keyPairId is not the id of a public key: ${what}`);
}
