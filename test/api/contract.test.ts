/**
 * The API against its own description: what `openapi.json` documents is produced here, each status of each operation, by a local runtime of
 * the stack or by one that is broken in a certain way, and every answer is held against its schema.
 */
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import { ApiAuth } from 'edgepass/cdk';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changedAssembly, temporaryFolder } from '../run-local';
import { bootApi, type LocalApi, synthesizeApi } from './boot-api';

/** Calls of each operation with anything at all. */
const RUNS = process.env.EDGEPASS_NIGHTLY === '1' ? 10_000 : 60;
const root = join(__dirname, '..', '..');
const folder = temporaryFolder(afterAll);
const runtimes: LocalApi[] = [];
afterAll(async () => {
  for (const runtime of runtimes) await runtime.close();
});

interface Answer {
  readonly status: number;
  readonly type: string | undefined;
  readonly body: unknown;
}
interface Ask {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}
type Recipe = () => Promise<Answer>;
interface Documented {
  readonly operationId: string;
  readonly security: readonly object[];
  readonly responses: Record<string, { readonly content?: Record<string, { readonly schema: object }> }>;
}
interface OpenApi {
  readonly paths: Record<string, Record<string, Documented>>;
  readonly components: object;
}

async function send({ environment }: LocalApi, { method, path, body, headers }: Ask): Promise<Answer> {
  const response = await fetch(environment.EDGEPASS_API_URL + path, {
    method,
    headers: { 'x-api-key': environment.EDGEPASS_API_KEY ?? '', ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const type = response.headers.get('content-type')?.split(';')[0];
  return { status: response.status, type, body: text === '' ? undefined : JSON.parse(text) };
}

async function boot(name: string, assembly: string): Promise<LocalApi> {
  const runtime = await bootApi(join(folder, name), assembly);
  runtimes.push(runtime);
  return runtime;
}

/** Every function but the one that makes the keys, replaced. */
function withFunctions(assembly: string, to: string, source: string): string {
  cpSync(assembly, to, { recursive: true });
  const keyMaker = readFileSync(join(root, 'dist', 'bundles', 'signing-keys', 'index.js'), 'utf8');
  for (const name of readdirSync(to).filter((entry) => entry.startsWith('asset.'))) {
    const path = join(to, name, 'index.js');
    if (readFileSync(path, 'utf8') !== keyMaker) writeFileSync(path, source);
  }
  return to;
}

const throwing = (error: string): string => `
  const { createApiHandler } = require(${JSON.stringify(join(root, 'dist', 'functions', 'http', 'api-handler'))});
  const { AwsCallError } = require(${JSON.stringify(join(root, 'dist', 'functions', 'aws', 'call-aws'))});
  const { FUNCTIONS } = require(${JSON.stringify(join(root, 'dist', 'api', 'calls'))});
  const calls = Object.assign({}, ...FUNCTIONS.map((row) => row.calls));
  const fail = async () => { throw ${error}; };
  const handlers = Object.fromEntries(Object.keys(calls).map((id) => [id, fail]));
  exports.handler = createApiHandler({ environment: [], calls }, handlers);`;

let api: LocalApi;
let document: OpenApi;
/** Of the same stack where a token tells who calls. */
let documentOfTokens: OpenApi;
/** By operation. */
const requests: Record<string, Ask> = {
  listObjects: { method: 'GET', path: 's3objects' },
  deleteObject: { method: 'DELETE', path: 's3objects/gone' },
  signUrls: { method: 'POST', path: 'urls', body: { file: 'a' } },
  signFolder: { method: 'POST', path: 'folders', body: { prefix: 'a/' } },
  createUpload: { method: 'POST', path: 'uploads', body: { file: 'a', size: 5 } },
  signParts: { method: 'POST', path: 'uploads/x/parts', body: { parts: [{ number: 1 }] } },
  completeUpload: { method: 'POST', path: 'uploads/x/complete', body: { parts: [{ number: 1, etag: 'e' }] } },
  abortUpload: { method: 'DELETE', path: 'uploads/x' },
  explain: { method: 'POST', path: 'explain', body: { url: 'https://d111111abcdef8.cloudfront.net/a' } },
  describe: { method: 'GET', path: 'openapi.json' },
  health: { method: 'GET', path: 'health' },
};
const requestOf = (operationId: string): Ask => requests[operationId] ?? { method: 'GET', path: operationId };

/** By `operation status`, or by status for what every operation may answer. */
const recipes: Record<string, (operationId: string) => Recipe> = {};

beforeAll(async () => {
  const assembly = synthesizeApi(join(folder, 'api'), { uploads: {}, deletes: true });
  api = await boot('api', assembly);
  document = (await send(api, requestOf('describe'))).body as OpenApi;
  await api.client.upload('a', 'there');

  const begin = async (file: string): Promise<string> => {
    const body = { file, size: 5, multipart: true };
    const { id } = (await send(api, { method: 'POST', path: 'uploads', body })).body as { id: string };
    return id;
  };
  /** Its one part is there. */
  const beginWhole = async (file: string): Promise<{ path: string; body: object }> => {
    const path = `uploads/${await begin(file)}`;
    const { body } = await send(api, { method: 'POST', path: `${path}/parts`, body: { parts: [{ number: 1 }] } });
    const [part] = (body as { parts: { url: string; headers: Record<string, string> }[] }).parts;
    const put = await fetch(part?.url ?? '', { method: 'PUT', headers: part?.headers ?? {}, body: 'bytes' });
    return { path, body: { parts: [{ number: 1, etag: put.headers.get('etag') }] } };
  };
  const aborted = async (): Promise<string> => {
    const path = `uploads/${await begin('aborted')}`;
    await send(api, { method: 'DELETE', path });
    return path;
  };
  const plain =
    (operationId: string): Recipe =>
    () =>
      send(api, requestOf(operationId));
  Object.assign(recipes, {
    'listObjects 200': plain,
    'deleteObject 204': plain,
    'signUrls 201': plain,
    'signFolder 201': plain,
    'createUpload 201': plain,
    'explain 200': plain,
    'describe 200': plain,
    'health 200': plain,
    'signParts 200': () => async () =>
      send(api, { ...requestOf('signParts'), path: `uploads/${await begin('parts')}/parts` }),
    'completeUpload 200': () => async () => {
      const { path, body } = await beginWhole('whole');
      return send(api, { method: 'POST', path: `${path}/complete`, body });
    },
    'abortUpload 204': () => async () =>
      send(api, { ...requestOf('abortUpload'), path: `uploads/${await begin('abort')}` }),
    'listObjects 400': () => () => send(api, { method: 'GET', path: 's3objects?bogus=1' }),
    'deleteObject 400': () => () => send(api, { method: 'DELETE', path: 's3objects/_api/x' }),
    'abortUpload 400': plain,
    '413': (operationId) => () => send(api, { ...requestOf(operationId), body: ' '.repeat(10 * 1024 * 1024 + 1) }),
    '400': (operationId) => () => send(api, { ...requestOf(operationId), body: '{' }),
    '403': (operationId) => () => send(api, { ...requestOf(operationId), headers: { 'x-api-key': 'wrong' } }),
    'signUrls 404': () => () => send(api, { ...requestOf('signUrls'), body: { file: 'absent', mustExist: true } }),
    'completeUpload 404': () => async () =>
      send(api, { ...requestOf('completeUpload'), path: `${await aborted()}/complete` }),
    'abortUpload 404': () => async () => send(api, { method: 'DELETE', path: await aborted() }),
    'completeUpload 409': () => async () => {
      const { path, body } = await beginWhole('a');
      return send(api, { method: 'POST', path: `${path}/complete`, body });
    },
    'createUpload 422': () => async () => {
      const headers = { 'idempotency-key': 'once' };
      await send(api, { ...requestOf('createUpload'), headers });
      return send(api, { ...requestOf('createUpload'), body: { file: 'other', size: 5 }, headers });
    },
  } satisfies typeof recipes);

  const auth = ApiAuth.jwt({ issuer: 'https://issuer.example.com', audience: 'files' });
  const brokenHomes: Record<string, string> = {
    '401': synthesizeApi(join(folder, 'jwt'), { auth, uploads: {}, deletes: true }),
    '429': changedAssembly(assembly, join(folder, 'throttled'), ({ Resources }) => {
      for (const { Type, Properties } of Object.values(Resources)) {
        if (Type !== 'AWS::ApiGateway::Stage' || !Properties) continue;
        Properties.MethodSettings = [
          { HttpMethod: '*', ResourcePath: '/*', ThrottlingRateLimit: 0, ThrottlingBurstLimit: 0 },
        ];
      }
    }),
    '500': withFunctions(assembly, join(folder, 'defect'), throwing("new TypeError('a defect')")),
    '502': withFunctions(
      assembly,
      join(folder, 'denied'),
      throwing("new AwsCallError('s3', 'AccessDenied', 403, 'no')"),
    ),
    '504': changedAssembly(
      withFunctions(
        assembly,
        join(folder, 'hanging'),
        'exports.handler = () => new Promise(() => setTimeout(() => {}, 1e6));',
      ),
      join(folder, 'slow'),
      ({ Resources }) => {
        for (const { Type, Properties } of Object.values(Resources)) {
          const integration = Type === 'AWS::ApiGateway::Method' ? (Properties?.Integration as object) : undefined;
          if (integration && 'Uri' in integration) Object.assign(integration, { TimeoutInMillis: 50 });
        }
      },
    ),
  };
  for (const [status, broken] of Object.entries(brokenHomes)) {
    const runtime = await boot(`broken-${status}`, broken);
    recipes[status] = (operationId) => () => send(runtime, requestOf(operationId));
    if (status === '401') documentOfTokens = (await send(runtime, requestOf('describe'))).body as OpenApi;
  }
});

describe("the API's contract", () => {
  it('produces every status that is documented, and every answer is as its schema says', async () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema({ $id: 'openapi', components: document.components });
    const documented = Object.values(document.paths).flatMap((methods) => Object.values(methods));
    const ofTokens = Object.values(documentOfTokens.paths)
      .flatMap((methods) => Object.values(methods))
      .flatMap(({ responses: { 401: unauthorized }, ...rest }) =>
        unauthorized ? [{ ...rest, responses: { 401: unauthorized } }] : [],
      );
    expect(ofTokens.length).toBeGreaterThan(5);
    const wrong: string[] = [];
    let produced = 0;
    for (const operation of [...documented, ...ofTokens]) {
      for (const [status, { content }] of Object.entries<Documented['responses'][string]>(operation.responses)) {
        const name = `${operation.operationId} ${status}`;
        const recipe = recipes[name] ?? recipes[status];
        if (!recipe) {
          wrong.push(`${name}: nothing here produces it`);
          continue;
        }
        const answer = await recipe(operation.operationId)();
        produced += 1;
        if (answer.status !== Number(status)) wrong.push(`${name}: ${answer.status} ${JSON.stringify(answer.body)}`);
        const schema = content?.[answer.type ?? '']?.schema;
        if (content && !schema) wrong.push(`${name}: ${answer.type} is not documented`);
        if (!content && answer.body !== undefined) wrong.push(`${name}: has a body`);
        const validate = schema && ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"openapi#/')));
        if (validate && !validate(answer.body)) wrong.push(`${name}: ${ajv.errorsText(validate.errors)}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(produced).toBeGreaterThan(70);
  });

  const segment = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('..', '.', '_api', 'a/b', '%', '%zz', '\ud800', '\0', ''),
  );
  const anyBody = fc.oneof(
    fc.json(),
    fc.string(),
    fc
      .record(
        {
          file: fc.oneof(segment, fc.integer()),
          files: fc.array(segment, { maxLength: 3 }),
          prefix: segment,
          size: fc.oneof(fc.integer(), fc.double()),
          parts: fc.array(fc.record({ number: fc.integer(), etag: segment, sha256: segment }, { requiredKeys: [] })),
          expiresIn: fc.double(),
          url: fc.webUrl(),
        },
        { requiredKeys: [] },
      )
      .map((body) => JSON.stringify(body)),
  );
  const encoded = (text: string): string => encodeURIComponent(text.toWellFormed());

  it.each(Object.keys(requests))(
    '%s answers 2xx or a problem of the caller’s to anything at all',
    async (operationId) => {
      const { method, path } = requestOf(operationId);
      const target = fc.tuple(segment, fc.dictionary(segment, segment, { maxKeys: 3 })).map(([inPath, query]) => {
        const parameters = Object.entries(query).map(([name, value]) => `${encoded(name)}=${encoded(value)}`);
        return `${path.replace(/\bx\b|gone$/, encoded(inPath))}?${parameters.join('&')}`;
      });
      await fc.assert(
        fc.asyncProperty(target, anyBody, async (asked, body) => {
          const answer = await send(api, {
            method,
            path: asked,
            ...(method === 'POST' && { body: body.toWellFormed() }),
          });
          expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(500);
          if (answer.status >= 400)
            expect(answer.body).toMatchObject({ code: expect.any(String), requestId: expect.any(String) });
        }),
        { numRuns: RUNS },
      );
    },
  );
});
