import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { CALLS } from '../../api/calls';
import { handler } from './describe';
import { apiEvent, call, useFunction } from './function.test.fixture';

useFunction();

/** As the build puts them in the place of names. */
function stubBuild(): void {
  const types = { query: 'Type', body: 'Type' };
  const body = { type: 'object', properties: { expiresIn: { type: 'integer' } } };
  const schemas = {
    components: { Type: {}, SignUrlsBody: body, SignFolderBody: body, Problem: {}, GatewayProblem: {} },
    calls: Object.fromEntries(CALLS.map(({ operationId }) => [operationId, types])),
  };
  vi.stubGlobal('JSON_SCHEMAS', JSON.stringify(schemas));
  vi.stubGlobal('EDGEPASS_VERSION', '1.2.3');
  onTestFinished(() => void vi.unstubAllGlobals());
}

describe('the describing function', () => {
  it('answers the description, the health, and nothing else, to anybody', async () => {
    stubBuild();
    vi.stubEnv('AUTH', 'iam');
    const { body } = await call(handler, apiEvent('GET /openapi.json'));
    expect(body).toMatchObject({ openapi: '3.1.0', info: { version: '1.2.3' } });
    expect(Object.keys(body.components.securitySchemes)).toEqual(['iam']);
    expect((await call(handler, apiEvent('GET /health'))).body).toEqual({ status: 'ok', version: '1.2.3' });
    expect((await call(handler, apiEvent('GET /other'))).body.code).toBe('ERR_UNKNOWN_ROUTE');
  });
});
