import { describe, expect, it } from 'vitest';
import { CALLS, type OperationId } from './calls';
import { FEATURES } from './calls/function-row';
import { type AuthKind, type JsonSchemas, openApiDocument } from './openapi';
import { PROBLEMS, TITLES } from './problems';

/** As the build makes them, with one type each. */
const calls = Object.fromEntries(
  CALLS.map(({ operationId }) => [operationId, { query: 'Query', body: 'Body', response: 'Answer' }]),
);
const schemas: JsonSchemas = {
  components: {
    Query: { type: 'object', properties: { limit: { type: 'integer', description: 'Items.' } } },
    Body: { type: 'object', properties: { file: { type: 'string' }, size: { type: 'integer', maximum: 9 } } },
    Answer: { type: 'array', items: { $ref: '#/components/schemas/Item' } },
    Item: { type: 'object' },
    Unused: { type: 'object' },
    Problem: { type: 'object' },
    GatewayProblem: { type: 'object' },
  },
  calls: calls as Readonly<Record<OperationId, object>>,
};

// biome-ignore lint/suspicious/noExplicitAny: each test says what it expects of the document
const documentOf = (auth: AuthKind, more: object = {}): any =>
  openApiDocument({ version: '1.2.3', schemas, auth, features: FEATURES, ...more });
const document = documentOf('apiKey');
const describedCall = (call: (typeof CALLS)[number], of = document) =>
  of.paths[call.path.replace('+}', '}')][call.method.toLowerCase()];

describe('the OpenAPI document', () => {
  it('describes every call at its path', () => {
    for (const call of CALLS) expect(describedCall(call).operationId).toBe(call.operationId);
  });

  it('leaves out the calls of features that are not enabled, and their paths and tags', () => {
    const { paths, tags } = documentOf('apiKey', { features: [] });
    expect(Object.keys(paths).filter((path) => /uploads|key/.test(path))).toEqual([]);
    expect(tags.map(({ name }: { name: string }) => name)).toEqual(['objects', 'links', 'meta']);
  });

  it('names the parameters of the query with their descriptions', () => {
    const [limit] = describedCall(CALLS[0] as (typeof CALLS)[number]).parameters;
    expect(limit).toEqual({
      name: 'limit',
      in: 'query',
      required: false,
      description: 'Items.',
      schema: { type: 'integer' },
    });
  });

  it.each<AuthKind>(['apiKey', 'iam', 'jwt'])('asks for %s alone, and for nothing where a call is open', (auth) => {
    const described = documentOf(auth);
    expect(Object.keys(described.components.securitySchemes)).toEqual([auth]);
    for (const call of CALLS) {
      const { security } = describedCall(call, described);
      expect(security, call.path).toEqual(call.isOpen ? [] : [{ [auth]: [] }]);
    }
  });

  it('asks for nothing where the API asks for nothing', () => {
    const described = documentOf('none');
    expect(described.components.securitySchemes).toBeUndefined();
    expect(CALLS.every((call) => describedCall(call, described).security.length === 0)).toBe(true);
  });

  it('has the components to which something refers, and no other', () => {
    expect(Object.keys(document.components.schemas)).toEqual(['Body', 'Answer', 'Item', 'Problem', 'GatewayProblem']);
  });

  it('has the bounds of the stack', () => {
    const { Body } = documentOf('apiKey', { bounds: { 'Body.size': { maximum: 5 } } }).components.schemas;
    expect(Body.properties).toEqual({ file: { type: 'string' }, size: { type: 'integer', maximum: 5 } });
  });

  it('has a title for the status of every problem', () => {
    expect(Object.values(PROBLEMS).filter(({ status }) => !TITLES[status])).toEqual([]);
  });
});
