import type { GenericSchema } from 'valibot';
import { OPERATIONS, type Operation } from './operations';
import { PROBLEMS, type ProblemCode, TITLES } from './problems';
import { gatewayProblem, problem } from './schemas';

export type JsonObject = { readonly [name: string]: unknown };

export interface OpenApiOptions {
  readonly version: string;
  /** JSON Schema 2020-12 of a schema: `toJsonSchema` of @valibot/to-json-schema, which only the build has. */
  readonly toJsonSchema: (schema: GenericSchema) => JsonObject;
}

/** API Gateway or a defect may answer these to any operation. */
const PROBLEMS_OF_ALL: readonly ProblemCode[] = ['ERR_THROTTLED', 'ERR_INTERNAL', 'ERR_UNAVAILABLE'];
/** API Gateway may answer these to operations that are not open. */
const PROBLEMS_OF_AUTH: readonly ProblemCode[] = [
  'ERR_UNAUTHORIZED',
  'ERR_INVALID_API_KEY',
  'ERR_ACCESS_DENIED',
  'ERR_EXPIRED_TOKEN',
  'ERR_INVALID_SIGNATURE',
  'ERR_QUOTA_EXCEEDED',
  'ERR_REFUSED',
];

/** API Gateway answers these itself, and calls its JSON `application/json`. */
const PROBLEMS_OF_GATEWAY: ReadonlySet<string> = new Set([...PROBLEMS_OF_AUTH, 'ERR_THROTTLED', 'ERR_UNAVAILABLE']);

/** The OpenAPI 3.1 document of every operation. Made by the build, so that no function needs what makes it. */
export function openApiDocument({ version, toJsonSchema }: OpenApiOptions): JsonObject {
  const toSchema = (schema: GenericSchema): JsonObject => {
    const { $schema: _, ...rest } = toJsonSchema(schema);
    return rest;
  };
  const paths: Record<string, Record<string, JsonObject>> = {};
  for (const operation of OPERATIONS) {
    const path = operation.path.replace('+}', '}');
    paths[path] = { ...paths[path], [operation.method.toLowerCase()]: describeOperation(operation, toSchema) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'edgepass', version, description: 'Lists private content and hands it out as time-boxed links.' },
    paths,
    components: {
      schemas: { Problem: toSchema(problem), GatewayProblem: toSchema(gatewayProblem) },
      securitySchemes: {
        apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' },
        jwt: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        iam: { type: 'apiKey', in: 'header', name: 'Authorization', description: 'AWS Signature Version 4' },
      },
    },
  };
}

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,128}$' },
};

type ToSchema = (schema: GenericSchema) => JsonObject;

function describeOperation(operation: Operation, toSchema: ToSchema): JsonObject {
  const { operationId, summary, feature, action, isOpen, body } = operation;
  const notes = [
    feature && `There only where ${feature} are enabled.`,
    action && `Needs a scope of the action \`${action}\`.`,
  ];
  return {
    operationId,
    summary,
    ...(notes.some(Boolean) && { description: notes.filter(Boolean).join(' ') }),
    // One of them: which one, the deployment decides.
    security: isOpen ? [] : [{ apiKey: [] }, { jwt: [] }, { iam: [] }],
    parameters: [
      ...pathParameters(operation),
      ...queryParameters(operation, toSchema),
      ...(operation.takesIdempotencyKey ? [IDEMPOTENCY_KEY] : []),
    ],
    ...(body && { requestBody: { required: true, content: { 'application/json': { schema: toSchema(body) } } } }),
    responses: { ...describeResponse(operation, toSchema), ...describeProblems(operation) },
  };
}

const pathParameters = ({ path }: Operation): JsonObject[] =>
  [...path.matchAll(/\{(\w+)\+?\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));

function queryParameters({ query }: Operation, toSchema: ToSchema): JsonObject[] {
  const { properties = {} } = query ? (toSchema(query) as { properties?: JsonObject }) : {};
  return Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', required: false, schema }));
}

function describeResponse({ status, response }: Operation, toSchema: ToSchema): JsonObject {
  const schema = response ? toSchema(response) : { type: 'object' };
  return {
    [status]: {
      description: SUCCESS[status],
      ...(status !== 204 && { content: { 'application/json': { schema } } }),
    },
  };
}

const SUCCESS: Readonly<Record<Operation['status'], string>> = { 200: 'OK', 201: 'Created', 204: 'No Content' };

/** One response a status, naming its codes. */
function describeProblems({ problems, isOpen }: Operation): JsonObject {
  const byStatus = new Map<number, Set<string>>([[502, new Set(["AWS's own codes"])]]);
  for (const code of [...problems, ...(isOpen ? [] : PROBLEMS_OF_AUTH), ...PROBLEMS_OF_ALL]) {
    const { status } = PROBLEMS[code];
    byStatus.set(status, (byStatus.get(status) ?? new Set()).add(code));
  }
  const responses = [...byStatus].map(([status, codes]) => [
    status,
    {
      description: `${TITLES[status]}: ${[...codes].join(', ')}`,
      content: {
        'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
        ...([...codes].some((code) => PROBLEMS_OF_GATEWAY.has(code)) && {
          'application/json': { schema: { $ref: '#/components/schemas/GatewayProblem' } },
        }),
      },
    },
  ]);
  return Object.fromEntries(responses);
}
