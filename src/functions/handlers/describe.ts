import type { Health } from '../../api/bodies';
import { type ApiHandler, createApiHandler, jsonResponse, unknownRoute } from '../http/api-handler';

/** The build puts these in the place of the names: nothing is read or made at run time. */
declare const OPENAPI_JSON: string;
declare const EDGEPASS_VERSION: string;

/** `GET /openapi.json` and `GET /health`: open to anybody. */
export const handler: ApiHandler = createApiHandler(async (event) => {
  if (event.resource === '/openapi.json') {
    return { statusCode: 200, headers: { 'Content-Type': 'application/json' }, body: OPENAPI_JSON };
  }
  if (event.resource !== '/health') throw unknownRoute();
  return jsonResponse(200, { status: 'ok', version: EDGEPASS_VERSION } satisfies Health);
});
