// The OpenAPI document of the API, from the compiled contract in dist/api.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { toJsonSchema } from '@valibot/to-json-schema';
import { root } from './root.mjs';

/** What the converter does not know by itself, by the action's type. Anything else that it does not know fails the build. */
const ACTIONS = {
  ends_with: ({ requirement }) => ({ pattern: `${requirement.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$` }),
  // JSON Schema's patterns are Unicode ones already.
  regex: ({ requirement }) => ({ pattern: requirement.source }),
};

/** As one line of JSON. */
export function openApiJson() {
  const require = createRequire(import.meta.url);
  const { openApiDocument } = require(join(root, 'dist', 'api', 'openapi.js'));
  const { version } = require(join(root, 'package.json'));
  const config = {
    target: 'draft-2020-12',
    errorMode: 'throw',
    overrideAction: ({ valibotAction, jsonSchema }) => {
      const row = ACTIONS[valibotAction.type];
      return row ? { ...jsonSchema, ...row(valibotAction) } : undefined;
    },
  };
  return JSON.stringify(openApiDocument({ version, toJsonSchema: (schema) => toJsonSchema(schema, config) }));
}
