/** Every row of rows.json against a local runtime's distribution. `npm run test:aws` asks the same rows of one on AWS. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLocal } from '../aws/local-target';
import type { SuiteTarget } from '../aws/suite-target';
import { temporaryFolder } from '../run-local';
import { differences, putObjects, readTable, replay } from './replay';
import type { Row } from './sign-request';

const { objects, rows } = readTable(__dirname);
const folder = temporaryFolder(afterAll);
let local: SuiteTarget;

beforeAll(async () => {
  local = await openLocal(folder);
  await putObjects(local.environment, objects);
});
afterAll(() => local.close());

describe('the local distribution', () => {
  it.each(rows.map((row) => [row.id, row.title, row] as const))('%s %s', async (_id, _title, row) => {
    expect(differences(row, await replay(row, local.distribution))).toEqual([]);
  });
});

describe('an answer', () => {
  const answer = { status: 200, headers: { server: 'AmazonS3' }, bytes: Buffer.from('hello') };

  it.each([
    [{ status: 403 }, 'status: expected 403, answered 200'],
    [{ code: 'MissingKey' }, 'code: expected "MissingKey", answered "hello"'],
    [{ body: 'hell' }, 'body: expected "hell", answered "hello"'],
    [{ contains: 'bye' }, 'body: expected "bye", answered "hello"'],
    [{ decoded: 'bye' }, 'decoded body: expected "bye", answered "hello"'],
    [{ headers: { server: 'CloudFront' } }, 'server: expected "CloudFront", answered "AmazonS3"'],
    [{ headers: { etag: 'x' } }, 'etag: expected "x", answered null'],
    [{ headers: { server: null } }, 'server: expected null, answered "AmazonS3"'],
    [{ patterns: { server: '^Cloud' } }, 'server: expected "^Cloud", answered "AmazonS3"'],
  ])('that is not %j is told', (expected, difference) => {
    expect(differences({ expect: expected }, answer)).toEqual([difference]);
  });

  it('as expected has no difference', () => {
    const expected = { status: 200, body: 'hello', headers: { server: 'AmazonS3', etag: null } };
    expect(differences({ expect: expected }, answer)).toEqual([]);
  });
});

describe('the page of conformance', () => {
  it('docs/fidelity.md is what the rows say', async () => {
    const { page } = (await import('./fidelity.mjs' as string)) as { page(data: { rows: readonly Row[] }): string };
    expect(readFileSync(join(__dirname, '..', '..', 'docs', 'fidelity.md'), 'utf8')).toBe(page({ rows }));
  });
});
