// JSON Schema 2020-12 of what the calls take and answer, from the schemas in src/api/schemas.
import { toJsonSchema, toJsonSchemaDefs } from '@valibot/to-json-schema';

/** What the converter does not know by itself, by the action's type. Anything else that it does not know fails the build. */
const ACTIONS = {
  ends_with: ({ requirement }) => ({ pattern: `${requirement.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$` }),
  // JSON Schema's patterns are Unicode ones already.
  regex: ({ requirement }) => ({ pattern: requirement.source }),
};

const CONFIG = {
  target: 'draft-2020-12',
  errorMode: 'throw',
  overrideAction: ({ valibotAction, jsonSchema }) => {
    // Keywords of JSON Schema: a pattern replaces that of a regex before it.
    if (valibotAction.type === 'metadata') return { ...jsonSchema, ...valibotAction.metadata };
    const keywords = ACTIONS[valibotAction.type]?.(valibotAction);
    return keywords && addKeywords(jsonSchema, keywords);
  },
  overrideRef: ({ referenceId }) => `#/components/schemas/${referenceId}`,
};

/** A schema has one pattern; a second one holds besides. */
function addKeywords(schema, { pattern, ...keywords }) {
  if (pattern === undefined) return { ...schema, ...keywords };
  if (schema.pattern === undefined || schema.pattern === pattern) return { ...schema, ...keywords, pattern };
  return { ...schema, ...keywords, allOf: [...(schema.allOf ?? []), { pattern }] };
}

/** @param api what `loadApi` resolves with. @returns `JsonSchemas` of src/api/openapi.ts */
export function jsonSchemas({ calls: { FUNCTIONS }, schemas: modules }) {
  const definitions = {};
  for (const exported of Object.values(modules)) {
    for (const [name, value] of Object.entries(exported))
      if (value?.kind === 'schema') definitions[typeName(name)] = value;
  }
  const nameOf = (schema) => schema && Object.keys(definitions).find((name) => definitions[name] === schema);
  const calls = FUNCTIONS.flatMap(({ bundle }) => Object.entries(modules[bundle].schemas)).map(([id, types]) => {
    const named = Object.fromEntries(
      ['query', 'body', 'response'].filter((kind) => types[kind]).map((kind) => [kind, nameOf(types[kind])]),
    );
    for (const [kind, name] of Object.entries(named))
      if (name === undefined)
        throw new Error(`the ${kind} of ${id} has no name: export its schema from src/api/schemas`);
    const path = Object.entries(types.path ?? {}).map(([name, schema]) => [
      name,
      withoutDialect(toJsonSchema(schema, CONFIG)),
    ]);
    return [id, { ...(path.length > 0 && { path: Object.fromEntries(path) }), ...named }];
  });
  const components = toJsonSchemaDefs(definitions, CONFIG);
  return { components, calls: Object.fromEntries(calls) };
}

const withoutDialect = ({ $schema: _, ...schema }) => schema;

/** `signUrlsBody` is the schema of the type `SignUrlsBody`. */
const typeName = (name) => name.charAt(0).toUpperCase() + name.slice(1);
