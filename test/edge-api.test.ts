import { join } from 'node:path';
import { startLocal } from 'edgepass/local';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { callApi } from './clients';
import { type Environment, READY_MADE_ASSEMBLY, temporaryFolder } from './run-local';

let assembly: string;
beforeAll(async () => {
  assembly = READY_MADE_ASSEMBLY;
});

describe('the API behind the distribution', () => {
  it('answers below the distribution’s /_api/ as the stage v1 does, and asks for the API key there too', async () => {
    const dataDir = join(temporaryFolder(), 'data');
    const local = await startLocal({ dataDir, assembly, ports: { aws: 0, api: 0, distribution: 0 } });
    onTestFinished(() => local.close());
    const environment = local.environment as unknown as Environment;
    const edge = { ...environment, EDGEPASS_API_URL: `${environment.EDGEPASS_DISTRIBUTION_URL}/_api/` };
    const calls: [string, RequestInit, number][] = [
      ['s3objects', {}, 200],
      ['urls', { method: 'POST', body: '{"file": "a"}' }, 201],
      ['s3objects', { headers: { 'x-api-key': 'wrong' } }, 403],
      ['s3objects/a', { method: 'DELETE' }, 404],
      ['urls', { method: 'OPTIONS' }, 204],
    ];
    for (const [path, init, status] of calls) {
      const answers = await Promise.all([callApi(environment, path, init), callApi(edge, path, init)]);
      expect([path, ...answers.map((answer) => answer.status)]).toEqual([path, status, status]);
      expect(answers.map((answer) => answer.headers.get('access-control-allow-origin'))).toEqual(['*', '*']);
    }
  });
});
