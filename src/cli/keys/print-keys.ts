/** A key, as the rotation function describes it. Times are ISO 8601. */
export interface DescribedKey {
  readonly generation: number;
  readonly keyPairId: string;
  readonly keyType: string;
  /** `next` signs from `signsFrom` on, `signing` does now, `trusted` did. */
  readonly state: 'next' | 'signing' | 'trusted';
  readonly createdAt: string;
  readonly signsFrom: string;
  /** When every link that it signed has expired; absent for the newest. */
  readonly retiresAt?: string;
}

export interface DescribedKeys {
  readonly keyGroupId?: string;
  /** The newest first. */
  readonly keys: readonly DescribedKey[];
}

const HEAD = ['generation', 'key pair id', 'type', 'state', 'signs from', 'retires at'];

export function printKeys({ keyGroupId = '', keys }: DescribedKeys): string {
  const rows = keys.map(({ generation, keyPairId, keyType, state, signsFrom, retiresAt }) => [
    String(generation),
    keyPairId,
    keyType,
    state,
    timeOf(signsFrom),
    retiresAt === undefined ? '' : timeOf(retiresAt),
  ]);
  const table = [HEAD, ...rows];
  const widths = HEAD.map((_head, at) => Math.max(...table.map((row) => row[at]?.length ?? 0)));
  const lines = table.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [`key group ${keyGroupId}`, '', ...lines].join('\n');
}

/** The keys, and what happens next. */
export function printRotation(described: DescribedKeys): string {
  const [newest, former] = described.keys;
  if (!newest) return printKeys(described);
  const next =
    former === undefined
      ? [
          `${newest.keyPairId} signs now. What the former keys signed is refused.`,
          'For a minute signers may still hand out links of the former key: they are refused too.',
        ]
      : [
          `${newest.keyPairId} is trusted, and signs from ${timeOf(newest.signsFrom)}. Until then ${former.keyPairId} goes on.`,
          `Its links stay open until they are over; it retires at ${timeOf(former.retiresAt ?? '')}.`,
        ];
  return [printKeys(described), '', ...next].join('\n');
}

/** `2026-11-25 14:00:00Z` */
const timeOf = (iso: string): string => iso.replace('T', ' ').replace(/\.\d+/, '');
