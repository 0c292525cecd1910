import { describe, expect, it, vi } from 'vitest';
import { handler } from './describe';
import { apiEvent, call, useFunction } from './function.test.fixture';

useFunction();

describe('the describing function', () => {
  it('answers the description, the health, and nothing else, to anybody', async () => {
    vi.stubGlobal('OPENAPI_JSON', '{"openapi":"3.1.0"}');
    vi.stubGlobal('EDGEPASS_VERSION', '1.2.3');
    vi.stubEnv('AUTH', 'iam');
    expect((await call(handler, apiEvent('GET /openapi.json'))).body).toEqual({ openapi: '3.1.0' });
    expect((await call(handler, apiEvent('GET /health'))).body).toEqual({ status: 'ok', version: '1.2.3' });
    expect((await call(handler, apiEvent('GET /other'))).body.code).toBe('ERR_UNKNOWN_ROUTE');
    vi.unstubAllGlobals();
  });
});
