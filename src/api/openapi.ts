/**
 * The OpenAPI 3.1 document of the calls that a stack has, from the table of calls and the JSON Schemas that the build makes. It imports
 * no package: the describing function makes the document of its own stack.
 */
import { CALLS, type Call, type OperationId } from './calls';
import type { Feature } from './calls/function-row';
import { PROBLEMS, type ProblemCode, TITLES } from './problems';

export type JsonObject = { readonly [name: string]: unknown };
export type AuthKind = 'apiKey' | 'iam' | 'jwt' | 'none';

/** JSON Schema 2020-12 of what the calls take and answer, as `tools/api/json-schemas.mjs` makes it. */
export interface JsonSchemas {
  /** By the type's name. They refer to each other as OpenAPI's components do. */
  readonly components: Readonly<Record<string, JsonObject>>;
  readonly calls: Readonly<Record<OperationId, CallTypes>>;
}

interface CallTypes {
  readonly path?: Readonly<Record<string, JsonObject>>;
  /** Names of components. */
  readonly query?: string;
  readonly body?: string;
  readonly response?: string;
}

export interface OpenApiOptions {
  readonly version: string;
  readonly schemas: JsonSchemas;
  readonly auth: AuthKind;
  readonly features: readonly Feature[];
  /** Further keywords for fields, by `TYPE.FIELD`: the bounds that the stack sets. */
  readonly bounds?: Readonly<Record<string, JsonObject>>;
}

const TAGS = [
  { name: 'objects', description: 'Lists and deletes the objects of the bucket.', paths: ['/s3objects'] },
  { name: 'links', description: 'Signs links, and explains them.', paths: ['/urls', '/folders', '/explain'] },
  { name: 'uploads', description: 'Uploads to S3 by presigned requests.', paths: ['/uploads'] },
] as const;
const META = { name: 'meta', description: 'Tells about the API.' };

const LICENSE = { name: 'Apache-2.0', identifier: 'Apache-2.0' };

const SECURITY: Readonly<Record<Exclude<AuthKind, 'none'>, JsonObject>> = {
  apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' },
  jwt: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
  iam: {
    type: 'apiKey',
    in: 'header',
    name: 'Authorization',
    description: 'AWS Signature Version 4, for `execute-api`.',
  },
};

/** API Gateway or a defect may answer these to any call. */
const PROBLEMS_OF_ALL: readonly ProblemCode[] = ['ERR_THROTTLED', 'ERR_INTERNAL', 'ERR_UNAVAILABLE'];
/** API Gateway may answer these to calls that are not open. */
const PROBLEMS_OF_AUTH: Readonly<Record<AuthKind, readonly ProblemCode[]>> = {
  apiKey: ['ERR_INVALID_API_KEY', 'ERR_QUOTA_EXCEEDED', 'ERR_REFUSED'],
  iam: [
    'ERR_MISSING_AUTHENTICATION_TOKEN',
    'ERR_ACCESS_DENIED',
    'ERR_EXPIRED_TOKEN',
    'ERR_INVALID_SIGNATURE',
    'ERR_REFUSED',
  ],
  jwt: ['ERR_UNAUTHORIZED', 'ERR_ACCESS_DENIED', 'ERR_REFUSED'],
  none: ['ERR_REFUSED'],
};
/** API Gateway answers these itself, and calls its JSON `application/json`. */
const PROBLEMS_OF_GATEWAY: ReadonlySet<string> = new Set([
  ...Object.values(PROBLEMS_OF_AUTH).flat(),
  'ERR_BAD_REQUEST',
  'ERR_REQUEST_TOO_LARGE',
  'ERR_THROTTLED',
  'ERR_UNAVAILABLE',
]);

const schemaRef = (name: string): JsonObject => ({ $ref: `#/components/schemas/${name}` });

export function openApiDocument(options: OpenApiOptions): JsonObject {
  const { version, schemas, auth, features, bounds = {} } = options;
  const calls = CALLS.filter(({ feature }) => feature === undefined || features.includes(feature));
  const paths: Record<string, JsonObject> = {};
  for (const call of calls) {
    const path = call.path.replace('+}', '}');
    paths[path] = { ...paths[path], [call.method.toLowerCase()]: describeCall(call, options) };
  }
  const tags = [...new Set(calls.map(tagOf))];
  return {
    openapi: '3.1.0',
    info: {
      title: 'edgepass',
      version,
      description: 'Lists private content and hands it out as time-boxed links.',
      license: LICENSE,
    },
    servers: [{ url: './', description: 'The stage that serves this document.' }],
    tags: [...TAGS, META]
      .filter(({ name }) => tags.includes(name))
      .map(({ name, description }) => ({ name, description })),
    paths,
    components: {
      schemas: reachable(paths, bounded(schemas.components, bounds)),
      ...(auth !== 'none' && { securitySchemes: { [auth]: SECURITY[auth] } }),
    },
  };
}

const tagOf = ({ path }: Call): string =>
  TAGS.find(({ paths }) => paths.some((one) => path.startsWith(one)))?.name ?? META.name;

function describeCall(call: Call, { schemas, auth }: OpenApiOptions): JsonObject {
  const { operationId, summary, action, isOpen } = call;
  const { path = {}, query, body } = schemas.calls[operationId];
  return {
    operationId,
    tags: [tagOf(call)],
    summary,
    ...(action && { description: `Needs a scope of the action \`${action}\`.` }),
    security: isOpen || auth === 'none' ? [] : [{ [auth]: [] }],
    parameters: [
      ...Object.entries(path).map(([name, schema]) => parameter('path', name, schema, true)),
      ...Object.entries(fieldsOf(schemas, query)).map(([name, schema]) => parameter('query', name, schema)),
      ...(call.takesIdempotencyKey ? [IDEMPOTENCY_KEY] : []),
    ],
    ...(body && { requestBody: { required: true, content: { 'application/json': { schema: schemaRef(body) } } } }),
    responses: { ...describeResponse(call, schemas), ...describeProblems(call, schemas, auth) },
  };
}

function parameter(place: string, name: string, { description, ...schema }: JsonObject, required = false): JsonObject {
  return { name, in: place, required, description, schema };
}

const IDEMPOTENCY_KEY = parameter('header', 'Idempotency-Key', {
  description: 'A repeated call with the same key answers the same upload.',
  type: 'string',
  pattern: '^[\\x21-\\x7e]{1,128}$',
});

const fieldsOf = ({ components }: JsonSchemas, name: string | undefined): Readonly<Record<string, JsonObject>> =>
  (name === undefined ? {} : (components[name]?.properties ?? {})) as Readonly<Record<string, JsonObject>>;

const SUCCESS: Readonly<Record<Call['status'], string>> = { 200: 'OK', 201: 'Created', 204: 'No Content' };

function describeResponse({ operationId, status, headers = {} }: Call, { calls }: JsonSchemas): JsonObject {
  const { response } = calls[operationId];
  const schema = response ? schemaRef(response) : { type: 'object' };
  const described = Object.entries(headers).map(([name, description]) => [
    name,
    { description, schema: { type: 'string' } },
  ]);
  return {
    [status]: {
      description: SUCCESS[status],
      ...(described.length > 0 && { headers: Object.fromEntries(described) }),
      ...(status !== 204 && { content: { 'application/json': { schema } } }),
    },
  };
}

/** One response a status, naming its codes. */
function describeProblems(
  { operationId, method, problems, isOpen }: Call,
  { calls }: JsonSchemas,
  auth: AuthKind,
): JsonObject {
  const byStatus = new Map<number, Set<string>>([[502, new Set(["AWS's own codes"])]]);
  const ofBody: readonly ProblemCode[] = [
    ...(calls[operationId].body ? (['ERR_BAD_REQUEST'] as const) : []),
    // API Gateway counts the bytes of a body that nobody reads, too.
    ...(method === 'GET' ? [] : (['ERR_REQUEST_TOO_LARGE'] as const)),
  ];
  for (const code of [...problems, ...ofBody, ...(isOpen ? [] : PROBLEMS_OF_AUTH[auth]), ...PROBLEMS_OF_ALL]) {
    const { status } = PROBLEMS[code];
    byStatus.set(status, (byStatus.get(status) ?? new Set()).add(code));
  }
  const responses = [...byStatus].map(([status, codes]) => [
    status,
    {
      description: `${TITLES[status]}: ${[...codes].join(', ')}`,
      content: {
        'application/problem+json': { schema: schemaRef('Problem') },
        ...([...codes].some((code) => PROBLEMS_OF_GATEWAY.has(code)) && {
          'application/json': { schema: schemaRef('GatewayProblem') },
        }),
      },
    },
  ]);
  return Object.fromEntries(responses);
}

/** The components with the bounds of this stack. */
function bounded(
  components: JsonSchemas['components'],
  bounds: Readonly<Record<string, JsonObject>>,
): JsonSchemas['components'] {
  const changed: Record<string, JsonObject> = { ...components };
  for (const [place, keywords] of Object.entries(bounds)) {
    const [name = '', field = ''] = place.split('.');
    const properties = changed[name]?.properties as Record<string, JsonObject>;
    changed[name] = { ...changed[name], properties: { ...properties, [field]: { ...properties[field], ...keywords } } };
  }
  return changed;
}

/** The components to which something refers. */
function reachable(paths: JsonObject, components: JsonSchemas['components']): JsonSchemas['components'] {
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    for (const [, name = ''] of JSON.stringify(value).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      if (found.has(name)) continue;
      found.add(name);
      visit(components[name] ?? {});
    }
  };
  visit(paths);
  return Object.fromEntries(Object.entries(components).filter(([name]) => found.has(name)));
}
