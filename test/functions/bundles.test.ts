import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OPERATIONS } from '../../src/api/operations';

const bundles = join(__dirname, '..', '..', 'dist', 'bundles');
const bundle = (name: string): string => join(bundles, name, 'index.js');
const NAMES = [
  ...new Set([...OPERATIONS.map((operation) => operation.bundle), 'authorizer', 'deploy-site', 'signing-keys']),
];

describe("the functions' bundles", () => {
  it.each(NAMES)('the bundle %s is at most 60 KB', (name) => {
    expect(existsSync(bundle(name))).toBe(true);
    expect(statSync(bundle(name)).size).toBeLessThanOrEqual(60 * 1024);
  });

  it('describe has the description in its bundle, with every operation', async () => {
    const { handler } = require(bundle('describe'));
    const event = { resource: '/openapi.json', httpMethod: 'GET', headers: {}, requestContext: { requestId: 'r' } };
    const { statusCode, body } = await handler(event);
    const { openapi, paths } = JSON.parse(body);
    expect([statusCode, openapi]).toEqual([200, '3.1.0']);
    const described = Object.values(paths as Record<string, Record<string, { operationId: string }>>)
      .flatMap((path) => Object.values(path).map(({ operationId }) => operationId))
      .sort();
    expect(described).toEqual(OPERATIONS.map(({ operationId }) => operationId).sort());
  });
});
