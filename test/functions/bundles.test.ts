import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CALLS, FUNCTIONS } from '../../src/api/calls';
import { VARIABLES } from '../../src/api/environment';

const bundles = join(__dirname, '..', '..', 'dist', 'bundles');
const bundle = (name: string): string => join(bundles, name, 'index.js');
const NAMES = [...FUNCTIONS.map((row) => row.bundle), ...Object.keys(VARIABLES)];

describe("the functions' bundles", () => {
  it.each(NAMES)('the bundle %s is at most 60 KB', (name) => {
    expect(existsSync(bundle(name))).toBe(true);
    expect(statSync(bundle(name)).size).toBeLessThanOrEqual(60 * 1024);
  });

  it('there is a bundle for each function of the table, and no other', () => {
    expect(readdirSync(bundles).sort()).toEqual([...NAMES].sort());
  });

  /** What the describing function answers in this environment, in a process of its own. */
  function describedIn(environment: Record<string, string>): { status: number; document: Document } {
    const script = `require(${JSON.stringify(bundle('describe'))}).handler(${JSON.stringify({
      resource: '/openapi.json',
      httpMethod: 'GET',
      headers: {},
      requestContext: { requestId: 'r' },
    })}).then(({ statusCode: status, body }) => console.log(JSON.stringify({ status, document: JSON.parse(body) })))`;
    const env = { MIN_LIFETIME_SECONDS: '60', MAX_LIFETIME_SECONDS: '3600', ...environment };
    return JSON.parse(execFileSync(process.execPath, ['-e', script], { env, encoding: 'utf8' }));
  }
  interface Document {
    readonly openapi: string;
    readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly operationId: string }>>>>;
    // biome-ignore lint/suspicious/noExplicitAny: each test says what it expects of the document
    readonly components: any;
  }
  const callsOf = ({ paths }: Document): string[] =>
    Object.values(paths).flatMap((path) => Object.values(path).map(({ operationId }) => operationId));

  it('describe describes every call where every feature is enabled', () => {
    const { status, document } = describedIn({ AUTH: 'jwt', FEATURES: 'uploads,deletes' });
    expect([status, document.openapi]).toEqual([200, '3.1.0']);
    expect(callsOf(document).sort()).toEqual(CALLS.map(({ operationId }) => operationId).sort());
  });

  it('describe leaves out the calls and the kinds of authorization that are not enabled, and has the bounds of the stack', () => {
    const { document } = describedIn({ AUTH: 'apiKey' });
    expect(callsOf(document).sort()).toEqual(
      CALLS.filter(({ feature }) => feature === undefined)
        .map(({ operationId }) => operationId)
        .sort(),
    );
    expect(Object.keys(document.components.securitySchemes)).toEqual(['apiKey']);
    expect(document.components.schemas.SignUrlsBody.properties.expiresIn).toMatchObject({ minimum: 60, maximum: 3600 });
    const uploads = { FEATURES: 'uploads', UPLOAD_MAX_SIZE: '100', UPLOAD_PREFIX: 'a.b/' };
    const { CreateUploadBody } = describedIn({ AUTH: 'none', ...uploads }).document.components.schemas;
    expect(CreateUploadBody.properties.size.maximum).toBe(100);
    expect(CreateUploadBody.properties.file.allOf).toEqual([{ pattern: '^a\\.b\\/' }]);
  });

  it('a function in Lambda names the variable that is missing while it starts', () => {
    const env = { AWS_LAMBDA_FUNCTION_NAME: 'f', AUTH: 'none', AWS_REGION: 'us-east-1' };
    const { stderr } = spawnSync(process.execPath, [bundle('list-objects')], { env, encoding: 'utf8' });
    expect(stderr).toContain('the environment variable BUCKET_NAME is missing');
  });
});
