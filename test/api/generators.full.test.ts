/** What others make of `openapi.json`: a linter, and a generator of clients. Each is installed in a temporary folder: they are large. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run, temporaryFolder } from '../run-local';
import { bootApi, type LocalApi, synthesizeApi } from './boot-api';

/** Redocly CLI runs on Node 20.19, openapi-typescript with TypeScript 5. */
const PACKAGES = [
  '@redocly/cli@2.77.0',
  'openapi-typescript@7.13.0',
  'openapi-fetch@0.14.0',
  'typescript@5.9.3',
  '@types/node@20.19.43',
];
const folder = temporaryFolder(afterAll);
const installed = temporaryFolder(afterAll);
const bin = (...path: string[]): string => join(folder, 'node_modules', ...path);
let api: LocalApi;

beforeAll(async () => {
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  const install = ['install', '--no-audit', '--no-fund', '--save-exact', '--engine-strict', ...PACKAGES];
  const { code, stderr } = await run('npm', install, process.env, folder);
  expect([code, stderr]).toEqual([0, expect.any(String)]);
  api = await bootApi(installed, synthesizeApi(installed, { uploads: {}, deletes: true }));
  writeFileSync(join(folder, 'openapi.json'), JSON.stringify(await api.client.describe()));
});
afterAll(() => api?.close());

describe('openapi.json', () => {
  it('has nothing that Redocly finds', async () => {
    // Relative to the document, the server's URL has to end in a slash to be its folder.
    const rules = { 'no-server-trailing-slash': 'off' };
    writeFileSync(join(folder, 'redocly.yaml'), JSON.stringify({ extends: ['recommended'], rules }));
    const lint = [bin('@redocly', 'cli', 'bin', 'cli.js'), 'lint', '--format=json', 'openapi.json'];
    const { stdout } = await run(process.execPath, lint, process.env, folder);
    expect(JSON.parse(stdout.slice(stdout.indexOf('{')))).toMatchObject({
      totals: { errors: 0, warnings: 0, ignored: 0 },
    });
  });

  it('makes a client with openapi-typescript that compiles, refuses wrong calls, and calls the API', async () => {
    const generate = [bin('openapi-typescript', 'bin', 'cli.js'), 'openapi.json', '-o', 'api.d.ts'];
    expect((await run(process.execPath, generate, process.env, folder)).code).toBe(0);
    writeFileSync(join(folder, 'client.ts'), CLIENT);
    const options = ['--strict', '--target', 'es2022', '--module', 'nodenext', '--types', 'node', 'client.ts'];
    const compiled = await run(process.execPath, [bin('typescript', 'bin', 'tsc'), ...options], process.env, folder);
    expect([compiled.code, compiled.stdout]).toEqual([0, '']);
    const { EDGEPASS_API_URL, EDGEPASS_API_KEY } = api.environment;
    const args = [join(folder, 'client.js'), EDGEPASS_API_URL, EDGEPASS_API_KEY ?? ''];
    const called = await run(process.execPath, args, process.env, folder);
    expect([called.stderr, JSON.parse(called.stdout)]).toEqual([
      '',
      ['ok', 'PUT', [], expect.stringContaining('/a.txt?'), 'ERR_NO_SUCH_OBJECT'],
    ]);
  });
});

/** Prints what the calls answered. Each `@ts-expect-error` is an error where the types let a wrong call through. */
const CLIENT = `
import createClient from 'openapi-fetch';
import type { paths } from './api.js';
const [baseUrl = '', key = ''] = process.argv.slice(2);
const { GET, POST } = createClient<paths>({ baseUrl, headers: { 'x-api-key': key } });
const health = await GET('/health');
const upload = await POST('/uploads', { body: { file: 'a.txt', size: 5 } });
const method = upload.data && 'method' in upload.data ? upload.data.method : 'none';
const list = await GET('/s3objects', { params: { query: { limit: 5 } } });
const link = await POST('/urls', { body: { file: 'a.txt', expiresIn: 60 } });
const signedUrl = link.data && 'signedUrl' in link.data ? link.data.signedUrl : 'none';
const refused = await POST('/urls', { body: { file: 'absent', mustExist: true } });
console.log(JSON.stringify([health.data?.status, method, list.data, signedUrl, refused.error?.code]));
// @ts-expect-error there is no such path
() => GET('/nothing');
// @ts-expect-error neither file nor files
() => POST('/urls', { body: { expiresIn: 60 } });
// @ts-expect-error the size is missing
() => POST('/uploads', { body: { file: 'a.txt' } });
`;
