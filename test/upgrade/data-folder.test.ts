import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { bootKeysOf, type LocalKeys } from '../keys/local-keys';
import { READY_MADE_ASSEMBLY, temporaryFolder } from '../run-local';
import { type Recorded, readStack, recordData } from './record-data';
import { completeUpload, getAs, listVersions, TEXT, UPLOAD } from './stored-objects';

const ARCHIVES = join(__dirname, 'data-folders');
const archives = readdirSync(ARCHIVES).map((file) => basename(file, '.tar.gz'));
/** The archive to write, for a release that is to be added. */
const writeTo = process.env.EDGEPASS_WRITE_DATA_FOLDER;

describe('a data folder', () => {
  it('was kept from an earlier version', () => expect(archives).not.toEqual([]));

  it('that this version writes opens again', async () => {
    const folder = temporaryFolder();
    const recorded = await recordData(folder, READY_MADE_ASSEMBLY);
    writeFileSync(join(folder, 'recorded.json'), JSON.stringify(recorded, null, 2));
    if (writeTo) archive(folder, writeTo);
    const [first, second] = recorded.links.map((link) => new URL(link).searchParams.get('Key-Pair-Id'));
    expect(first).not.toBe(second);
    await expectItOpens(folder, recorded);
  });

  describe.each(archives)('that %s wrote', (name) => {
    const folder = temporaryFolder(afterAll);

    it('opens with this version: links, keys, versions and the unfinished upload', async () => {
      extract(join(ARCHIVES, `${name}.tar.gz`), folder);
      const recorded = JSON.parse(readFileSync(join(folder, 'recorded.json'), 'utf8')) as Recorded;
      await expectItOpens(folder, recorded);
    });
  });
});

/** Boots the ready-made stack of today on the folder, at the time when it was written. */
async function expectItOpens(folder: string, recorded: Recorded): Promise<void> {
  releasePorts(folder);
  const local = await bootKeysOf(folder, READY_MADE_ASSEMBLY, Date.parse(recorded.writtenAt) - Date.now());
  try {
    expect(local.environment).toMatchObject(recorded.environment);
    expect(readStack(local.dataDir)).toMatchObject(recorded.stack);
    for (const link of recorded.links)
      expect(await getAs(link, local.environment)).toEqual({ status: 200, text: TEXT });
    expect(await listVersions(local)).toEqual(recorded.versions);
    expect(await completeUpload(local, recorded.uploadId)).toBe(UPLOAD.byteLength);
    await expectItSigns(local, recorded);
  } finally {
    await local.close();
  }
}

async function expectItSigns(local: LocalKeys, { keys }: Recorded): Promise<void> {
  const known = (await local.keys({ operation: 'Describe' })).keys.map(({ generation, keyPairId }) => ({
    generation,
    keyPairId,
  }));
  expect(known).toEqual(keys);
  const { signedUrl } = await local.client.signUrl('reports/a.txt');
  expect(keys.map(({ keyPairId }) => keyPairId)).toContain(new URL(signedUrl).searchParams.get('Key-Pair-Id'));
  expect(await getAs(signedUrl, local.environment)).toEqual({ status: 200, text: TEXT });
  const rotated = await local.keys({ operation: 'Rotate' });
  expect(rotated.keys[0]).toMatchObject({ generation: Math.max(...keys.map(({ generation }) => generation)) + 1 });
}

/** Links keep their host; another process may have their port by now. */
function releasePorts(folder: string): void {
  const path = join(folder, 'data', 'home.json');
  const config = JSON.parse(readFileSync(path, 'utf8')) as object;
  writeFileSync(path, JSON.stringify({ ...config, ports: {} }));
}

function extract(path: string, folder: string): void {
  expect(spawnSync('tar', ['-xzf', path, '-C', folder]).status).toBe(0);
}

function archive(folder: string, path: string): void {
  const kept = join(folder, 'kept');
  mkdirSync(kept);
  for (const name of ['data', 'recorded.json']) cpSync(join(folder, name), join(kept, name), { recursive: true });
  const who = ['--sort=name', '--owner=0', '--group=0', '--numeric-owner'];
  expect(spawnSync('tar', [...who, '-czf', path, '-C', kept, '.']).status).toBe(0);
}
