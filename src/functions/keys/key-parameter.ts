/** A private key as its parameter holds it: with the id of its public key, and the time from which it signs. */
export interface PrivateKeyEntry {
  readonly keyPairId: string;
  readonly signsFrom: Date;
  /** PEM, PKCS#8. */
  readonly privateKey: string;
}

/** How long a container may use the keys that it has read: Parameter Store may fail for that long without a failed request. */
export const STALE_KEYS_MS: number = 15 * 60_000;

const ENTRY =
  /Key-Pair-Id: (\S+)\nSigns-From: (\S+)\n(-----BEGIN PRIVATE KEY-----\n[A-Za-z0-9+/=\n]+-----END PRIVATE KEY-----)\n?/y;

/**
 * The SecureString's value: PEM, each key under two lines that PEM readers pass over. Source: RFC 7468, section 5.2, "Explanatory Text".
 * Two keys while one takes over from the other; two of RSA stay below the 4,096 characters of a standard parameter.
 */
export const printKeys = (keys: readonly PrivateKeyEntry[]): string =>
  keys
    .map(
      ({ keyPairId, signsFrom, privateKey }) =>
        `Key-Pair-Id: ${keyPairId}\nSigns-From: ${signsFrom.toISOString()}\n${privateKey.trim()}\n`,
    )
    .join('');

/** @throws Error when the text is anything else; it says nothing of the text. */
export function parseKeys(text: string): PrivateKeyEntry[] {
  const keys: PrivateKeyEntry[] = [];
  ENTRY.lastIndex = 0;
  while (ENTRY.lastIndex < text.length) {
    const [, keyPairId = '', signsFrom = '', privateKey = ''] = ENTRY.exec(text) ?? [];
    const date = new Date(signsFrom);
    if (keyPairId === '' || Number.isNaN(date.getTime()))
      throw new Error(
        `the signing key's parameter does not hold what edgepass writes there, from key ${keys.length + 1} on`,
      );
    keys.push({ keyPairId, signsFrom: date, privateKey });
  }
  return keys;
}

/** Returns the key that signs at a time: the last one whose `signsFrom` has come, or the first one before that, for clocks differ. */
export function activeKeyAt<T extends Pick<PrivateKeyEntry, 'signsFrom'>>(
  keys: readonly T[],
  now: number,
): T | undefined {
  const sorted = [...keys].sort((one, other) => one.signsFrom.getTime() - other.signsFrom.getTime());
  return sorted.findLast(({ signsFrom }) => signsFrom.getTime() <= now) ?? sorted[0];
}
