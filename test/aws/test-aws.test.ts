/** `npm run test:aws` where it needs no account: what it refuses, and what its suite says. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { putObjects, readTable } from '../conformance/replay';
import { temporaryFolder } from '../run-local';
import { openLocal } from './local-target';
import { PROBES } from './probes';
import { testAws } from './run-test-aws';
import { askProbes, replayRows } from './suite';
import type { SuiteTarget } from './suite-target';

const { objects, rows } = readTable(join(__dirname, '..', 'conformance'));

describe('npm run test:aws', () => {
  it('says what it needs and what it costs where there are no credentials', async () => {
    const { code, stdout, stderr } = await testAws([], { AWS_REGION: 'eu-central-1' });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/needs an AWS account[\s\S]*about one US cent[\s\S]*-- --local/);
  });

  it('refuses a step that it does not have', async () => {
    const { code, stderr } = await testAws(['--local', '--only', 'row']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('--only takes walkthrough, rows, probes')]);
  });
});

describe('the suite', () => {
  const folder = temporaryFolder(afterAll);
  let local: SuiteTarget;
  beforeAll(async () => {
    local = await openLocal(folder);
    await putObjects(local.environment, objects);
  });
  afterAll(() => local.close());

  it('tells a row that is answered in another way, and one that is not answered', async () => {
    const [first, second] = rows;
    if (!first || !second) throw new Error('there are no rows');
    const said: string[] = [];
    const wrong = { ...first, expect: { status: 200, headers: { server: 'AmazonS3' } } };
    const unanswerable = { ...second, request: { path: '/a b' } };
    expect(await replayRows(local.distribution, [wrong, unanswerable, first], (line) => said.push(line))).toBe(2);
    expect(said).toEqual([
      'C001 [C] no signature for /a.txt',
      '    status: expected 200, answered 403',
      '    server: expected "AmazonS3", answered "CloudFront"',
      'C002 [C] no signature for /',
      '    no answer: Request path contains unescaped characters',
      '3 rows, 2 with differences to the local runtime',
    ]);
  });

  it('has an answer of the local runtime’s to every question that nobody could verify', async () => {
    const said: string[] = [];
    const target = { ...local.distribution, keyPairId: 'KUNKNOWNUNKNOWN' };
    await askProbes({ target, local: local.distribution }, rows, (line) => said.push(line));
    const unverified = rows.filter(({ source }) => source === 'UNV').length;
    expect(said).toHaveLength(3 * (unverified + PROBES.length));
    expect(said.filter((line) => line.includes('no answer'))).toEqual([]);
    const at = said.findIndex((line) => line.includes('around the second of DateLessThan'));
    expect(said[at + 1]).toMatch(/^ {4}local served until second -\d, refused at second 0/);
    expect(said[at + 2]).toMatch(/^ {4}AWS {3}served until second never/);
  });
});
