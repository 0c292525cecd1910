import type { Health } from '../../api/bodies';
import { describe as row } from '../../api/calls/describe';
import { FEATURES } from '../../api/calls/function-row';
import { type AuthKind, type JsonObject, type JsonSchemas, openApiDocument } from '../../api/openapi';
import { variable } from '../aws/environment';
import { type ApiHandler, createApiHandler, jsonResponse } from '../http/api-handler';

/** The build puts these texts in the place of the names; the schemas are a text because that costs nothing until it is read. */
declare const JSON_SCHEMAS: string;
declare const EDGEPASS_VERSION: string;

/** Made for the first request that asks for it, so that the function starts as fast for `GET /health`. */
let document: string | undefined;

/** `GET /openapi.json`: the calls, the kind of authorization and the bounds of this stack. */
const describe: ApiHandler = async () => {
  document ??= JSON.stringify(
    openApiDocument({
      version: EDGEPASS_VERSION,
      schemas: JSON.parse(JSON_SCHEMAS) as JsonSchemas,
      auth: variable('AUTH') as AuthKind,
      features: enabledFeatures(),
      bounds: readBounds(),
    }),
  );
  return { statusCode: 200, headers: { 'Content-Type': 'application/json' }, body: document };
};

/** `GET /health` */
const health: ApiHandler = async () => jsonResponse(200, { status: 'ok', version: EDGEPASS_VERSION } satisfies Health);

export const handler: ApiHandler = createApiHandler(row, { describe, health });

function enabledFeatures() {
  const enabled = (variable('FEATURES') ?? '').split(',');
  return FEATURES.filter((feature) => enabled.includes(feature));
}

function readBounds(): Record<string, JsonObject> {
  const expiresIn = {
    minimum: Number(variable('MIN_LIFETIME_SECONDS')),
    maximum: Number(variable('MAX_LIFETIME_SECONDS')),
  };
  const { UPLOAD_MAX_SIZE, UPLOAD_PREFIX } = process.env;
  return {
    'SignUrlsBody.expiresIn': expiresIn,
    'SignFolderBody.expiresIn': expiresIn,
    ...(UPLOAD_MAX_SIZE !== undefined && { 'CreateUploadBody.size': { maximum: Number(UPLOAD_MAX_SIZE) } }),
    ...(UPLOAD_PREFIX && { 'CreateUploadBody.file': { allOf: [{ pattern: `^${escapePattern(UPLOAD_PREFIX)}` }] } }),
  };
}

const escapePattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
