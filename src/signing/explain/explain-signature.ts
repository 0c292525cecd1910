import { verify } from 'node:crypto';
import { redactUrl } from '../encoding/redact-url';
import { importPublicKey, type PublicKey } from '../key/public-key';
import { digestName, type HashAlgorithm } from '../policy/hash-algorithm';
import { cannedPolicy } from '../policy/policy';
import type { PublicKeys } from '../verify/find-public-key';
import type { Credentials } from '../verify/read-credentials';
import { spellings } from './url-spellings';

/** A signature that did not verify, with everything it might have been meant for. */
export interface Mismatch {
  readonly credentials: Credentials;
  readonly signature: Buffer;
  readonly signedBytes: Buffer;
  readonly publicKey: PublicKey;
  readonly hashAlgorithm: HashAlgorithm;
  readonly publicKeys: PublicKeys;
}

/** What was signed instead, when that can be found out: another algorithm, key, policy text or spelling of the URL. */
export function explainSignature(mismatch: Mismatch): string {
  return (
    otherAlgorithm(mismatch) ?? otherKey(mismatch) ?? otherText(mismatch) ?? otherUrl(mismatch) ?? withoutHint(mismatch)
  );
}

const verifies = (text: string | Buffer, { signature, publicKey, hashAlgorithm }: Mismatch): boolean =>
  verify(digestName(hashAlgorithm), Buffer.from(text), publicKey.keyObject, signature);

function otherAlgorithm(mismatch: Mismatch): string | undefined {
  const other: HashAlgorithm = mismatch.hashAlgorithm === 'SHA1' ? 'SHA256' : 'SHA1';
  if (!verifies(mismatch.signedBytes, { ...mismatch, hashAlgorithm: other })) return undefined;
  return other === 'SHA256'
    ? 'Signed with SHA-256, but Hash-Algorithm=SHA256 is missing'
    : 'Signed with SHA-1, but Hash-Algorithm says SHA256';
}

function otherKey(mismatch: Mismatch): string | undefined {
  const found = Object.entries(mismatch.publicKeys).find(([, key]) =>
    verifies(mismatch.signedBytes, { ...mismatch, publicKey: importPublicKey(key) }),
  );
  return found && `Signed with the private key of ${found[0]}; Key-Pair-Id names another`;
}

/** Programs that serialize the canned policy with their own habits. */
function otherText(mismatch: Mismatch): string | undefined {
  const text = mismatch.signedBytes.toString();
  const variants: readonly (readonly [string, string])[] = [
    ['a line break after the policy', `${text}\n`],
    ['no white space around the policy', text.trim()],
    ['a policy with white space', text.replaceAll(/([:,])(?=["{[\d])/g, '$1 ')],
    ['a policy with "\\/" for "/", as PHP writes it', text.replaceAll('/', '\\/')],
    ['a policy with "\\u0026" for "&", as Go writes it', text.replaceAll('&', '\\u0026')],
  ];
  const found = variants.find(([, variant]) => variant !== text && verifies(variant, mismatch));
  return found && `Signed was ${found[0]}`;
}

function otherUrl(mismatch: Mismatch): string | undefined {
  const { Policy, Expires = '' } = mismatch.credentials.parameters;
  if (Policy !== undefined) return undefined;
  const requested = mismatch.credentials.resource;
  const found = otherTimes(Expires).find((expires) => verifies(cannedPolicy(requested, expires), mismatch));
  if (found) return `Signed for the end ${found}; the request says ${Expires}, in Unix seconds`;
  for (const { url, difference } of spellings(requested)) {
    if (verifies(cannedPolicy(url, Expires), mismatch)) {
      return `Signed for ${redactUrl(url)}, with ${difference}; requested ${redactUrl(requested)}`;
    }
  }
  return undefined;
}

/** Milliseconds for seconds, and a second more or less by rounding. */
const otherTimes = (expires: string): string[] =>
  [Number(expires) * 1000, Math.floor(Number(expires) / 1000), Number(expires) + 1, Number(expires) - 1].map(String);

function withoutHint({ credentials: { parameters, resource } }: Mismatch): string {
  const what = parameters.Policy === undefined ? `the URL ${redactUrl(resource)} or its Expires` : 'the policy';
  return `The private key is not the one of this Key-Pair-Id, or ${what} was changed after signing`;
}
