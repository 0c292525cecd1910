// Objects written into the index of a local runtime that does not run, as the store itself writes them: that many uploads would take an
// hour.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { open } from 'lmdb';
import { root } from './local.mjs';

const require = createRequire(import.meta.url);
const { openObjectIndex } = require(join(root, 'dist', 'local', 's3', 'store', 'object-index.js'));
const BATCH = 10_000;

/** Each key becomes an object of the same bytes as the object `template`. */
export async function fillIndex({ dataDir, bucket }, template, keys) {
  const index = open({ path: join(dataDir, 's3', 'index'), maxDbs: 8, overlappingSync: false, mapSize: 2 ** 36 });
  const objects = openObjectIndex(index);
  const { versionId: _versionId, sequence: _sequence, ...draft } = objects.find(bucket, template);
  for (let from = 0; from < keys.length; from += BATCH)
    index.transactionSync(() => {
      for (const key of keys.slice(from, from + BATCH)) objects.put(bucket, key, draft);
    });
  await index.close();
}
