import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bootKeysOf, MINUTE_MS } from '../keys/local-keys';
import { listVersions, type StoredVersion, storeObjects } from './stored-objects';

/** The facts about a data folder that a later version has to find in it. */
export interface Recorded {
  /** The local runtime's time when it was closed, ISO 8601. */
  readonly writtenAt: string;
  /** The part of the environment that shells and links keep. */
  readonly environment: Readonly<Record<string, string>>;
  /** Type and physical id of every resource, by logical id. */
  readonly stack: Readonly<Record<string, { readonly type: string; readonly physicalId: string }>>;
  /** Links to `reports/a.txt`, one of each key. */
  readonly links: readonly string[];
  readonly keys: readonly { readonly generation: number; readonly keyPairId: string }[];
  readonly versions: readonly StoredVersion[];
  readonly uploadId: string;
}

const KEPT = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_REGION', 'EDGEPASS_BUCKET', 'EDGEPASS_API_KEY'];

/** Boots the ready-made stack on `folder`/data, fills it, rotates the signing key once and closes it. */
export async function recordData(folder: string, assembly: string): Promise<Recorded> {
  const local = await bootKeysOf(folder, assembly);
  try {
    const uploadId = await storeObjects(local);
    const first = await local.client.signUrl('reports/a.txt');
    await local.keys({ operation: 'Rotate' });
    local.pass(20 * MINUTE_MS);
    const second = await local.client.signUrl('reports/a.txt');
    const { keys } = await local.keys({ operation: 'Describe' });
    return {
      writtenAt: local.now().toISOString(),
      environment: Object.fromEntries(Object.entries(local.environment).filter(([name]) => KEPT.includes(name))),
      stack: readStack(local.dataDir),
      links: [first.signedUrl, second.signedUrl],
      keys: keys.map(({ generation, keyPairId }) => ({ generation, keyPairId })),
      versions: await listVersions(local),
      uploadId,
    };
  } finally {
    await local.close();
  }
}

/** Returns type and physical id of what the boots have made. */
export function readStack(dataDir: string): Recorded['stack'] {
  const stack = JSON.parse(readFileSync(join(dataDir, 'stack.json'), 'utf8')) as Recorded['stack'];
  return Object.fromEntries(Object.entries(stack).map(([id, { type, physicalId }]) => [id, { type, physicalId }]));
}
