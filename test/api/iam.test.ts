import { sign } from 'aws4';
import { ApiAuth } from 'edgepass/cdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../run-local';
import { bootApi, type LocalApi, synthesizeApi } from './boot-api';

const folder = temporaryFolder(afterAll);
let api: LocalApi;
beforeAll(async () => {
  api = await bootApi(folder, synthesizeApi(folder, { auth: ApiAuth.iam({ scopes: [{ action: 'list' }] }) }));
});
afterAll(() => api?.close());

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** As an SDK signs for API Gateway. */
function call(path: string, keys?: Keys, body?: string): Promise<Response> {
  const url = new URL(api.environment.EDGEPASS_API_URL + path);
  const method = body === undefined ? 'GET' : 'POST';
  const request = { service: 'execute-api', region: api.environment.AWS_REGION, method, host: url.host };
  const signed = keys ? sign({ ...request, path: url.pathname, body: body ?? '' }, keys).headers : {};
  const { Host: _host, ...headers } = { ...signed } as Record<string, string>;
  return fetch(url, { method, headers, ...(body !== undefined && { body }) });
}

const answerOf = async (response: Response): Promise<unknown[]> => [
  response.status,
  ((await response.json()) as { code?: string }).code,
];

describe('an API with IAM', () => {
  it('lets in who may execute-api:Invoke and signs, within the scopes of all callers', async () => {
    const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = api.environment;
    const developer = { accessKeyId, secretAccessKey };
    expect((await call('s3objects', developer)).status).toBe(200);
    expect(await answerOf(await call('urls', developer, '{"file":"a"}'))).toEqual([403, 'ERR_SCOPE_MISSING']);
    expect(await answerOf(await call('s3objects', { accessKeyId, secretAccessKey: 'wrong' }))).toEqual([
      403,
      'ERR_INVALID_SIGNATURE',
    ]);
    expect(await answerOf(await call('s3objects'))).toEqual([403, 'ERR_MISSING_AUTHENTICATION_TOKEN']);
    expect((await call('health')).status).toBe(200);
  });
});
