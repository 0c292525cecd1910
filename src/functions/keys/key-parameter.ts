/** A private key, and from when on it signs. */
export interface KeptKey {
  readonly keyPairId: string;
  readonly signsFrom: Date;
  /** PEM, PKCS#8. */
  readonly privateKey: string;
}

/** How long a container may go on with keys that it read before: Parameter Store may fail for as long, and nobody notices. */
export const STALE_KEYS_MS: number = 15 * 60_000;

const KEY =
  /Key-Pair-Id: (\S+)\nSigns-From: (\S+)\n(-----BEGIN PRIVATE KEY-----\n[A-Za-z0-9+/=\n]+-----END PRIVATE KEY-----)\n?/y;

/**
 * The SecureString's value: PEM, each key under two lines that PEM readers pass over. Source: RFC 7468, section 5.2, "Explanatory Text".
 * Two keys while one takes over from the other; two of RSA stay below the 4,096 characters of a standard parameter.
 */
export const printKeys = (keys: readonly KeptKey[]): string =>
  keys
    .map(
      ({ keyPairId, signsFrom, privateKey }) =>
        `Key-Pair-Id: ${keyPairId}\nSigns-From: ${signsFrom.toISOString()}\n${privateKey.trim()}\n`,
    )
    .join('');

/** @throws Error when the text is anything else; it says nothing of the text. */
export function parseKeys(text: string): KeptKey[] {
  const keys: KeptKey[] = [];
  KEY.lastIndex = 0;
  while (KEY.lastIndex < text.length) {
    const [, keyPairId = '', signsFrom = '', privateKey = ''] = KEY.exec(text) ?? [];
    const date = new Date(signsFrom);
    if (keyPairId === '' || Number.isNaN(date.getTime()))
      throw new Error(
        `the signing key's parameter does not hold what edgepass writes there, from key ${keys.length + 1} on`,
      );
    keys.push({ keyPairId, signsFrom: date, privateKey });
  }
  return keys;
}

/** The key that signs at a time: the last one whose time has come. Before the first one's, for clocks differ, the first. */
export function keyAt<T extends Pick<KeptKey, 'signsFrom'>>(keys: readonly T[], now: number): T | undefined {
  const inTime = [...keys].sort((one, other) => one.signsFrom.getTime() - other.signsFrom.getTime());
  return inTime.findLast(({ signsFrom }) => signsFrom.getTime() <= now) ?? inTime[0];
}
