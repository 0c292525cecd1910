import { toJsonSchema } from '@valibot/to-json-schema';
import { describe, expect, it } from 'vitest';
import { type JsonObject, openApiDocument } from './openapi';
import { OPERATIONS } from './operations';
import { PROBLEMS, TITLES } from './problems';
import { ROUTES } from './routes';

// biome-ignore lint/suspicious/noExplicitAny: each test says what it expects of the document
const document: any = openApiDocument({
  version: '1.2.3',
  toJsonSchema: (schema) =>
    toJsonSchema(schema, { target: 'draft-2020-12', errorMode: 'ignore' }) as unknown as JsonObject,
});

describe('the OpenAPI document', () => {
  it('describes every operation whose contract is known, at its path', () => {
    for (const { method, path, operationId } of OPERATIONS) {
      const described = document.paths[path.replace('+}', '}')][method.toLowerCase()];
      expect(described.operationId).toBe(operationId);
    }
  });

  it('knows the contract of every route but those of uploads', () => {
    const known = OPERATIONS.map(({ operationId }) => operationId);
    const missing = ROUTES.filter(({ operationId }) => !known.includes(operationId));
    expect(missing.every(({ feature }) => feature === 'uploads')).toBe(true);
  });

  it('says what POST /urls takes, and that it takes nothing else', () => {
    const { schema } = document.paths['/urls'].post.requestBody.content['application/json'];
    expect(schema.additionalProperties).toBe(false);
    expect(Object.keys(schema.properties)).toEqual(
      expect.arrayContaining(['file', 'files', 'expiresIn', 'expires', 'notBefore', 'ipAddress', 'downloadAs']),
    );
  });

  it('names the parameters of the query and of the path', () => {
    const names = (parameters: { name: string; in: string }[]) => parameters.map((one) => `${one.in} ${one.name}`);
    expect(names(document.paths['/s3objects'].get.parameters)).toEqual(
      ['prefix', 'delimiter', 'limit', 'cursor', 'search'].map((name) => `query ${name}`),
    );
    expect(names(document.paths['/s3objects/{key}'].delete.parameters)).toEqual(['path key']);
  });

  it('lets anybody ask for itself and for the health, and nobody for anything else without credentials', () => {
    for (const { method, path, isOpen } of OPERATIONS) {
      const { security } = document.paths[path.replace('+}', '}')][method.toLowerCase()];
      expect(security.length === 0, path).toBe(isOpen);
    }
  });

  it('has a title for the status of every problem', () => {
    expect(Object.values(PROBLEMS).filter(({ status }) => !TITLES[status])).toEqual([]);
  });
});
