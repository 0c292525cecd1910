import type { APIGatewayProxyEvent } from 'aws-lambda';
import { type BaseIssue, type GenericSchema, getDotPath, safeParse } from 'valibot';
import { RequestProblem } from './api-handler';

/** The request's body as its schema has it. @throws RequestProblem for the first thing that is wrong with it. */
export function readBody<T>(event: APIGatewayProxyEvent, schema: GenericSchema<T>): T {
  const body = readJsonObject(event);
  // Before what is missing: a misspelled field is unknown, and the right one missing.
  const unknown = unknownName(body, schema);
  if (unknown !== undefined) throw new RequestProblem('ERR_UNKNOWN_FIELD', 'Unknown field: remove it.', unknown);
  const { issues, output } = safeParse(schema, body, { abortEarly: true });
  if (!issues) return output as T;
  throw bodyProblem(issues[0]);
}

/** The query's parameters, each at most once; `limit` and its like, which are numbers, as numbers. */
export function readQuery<T>(event: APIGatewayProxyEvent, schema: GenericSchema<T>, numbers: readonly string[]): T {
  const parameters = event.multiValueQueryStringParameters ?? {};
  const unknown = unknownName(parameters, schema);
  if (unknown !== undefined) {
    throw new RequestProblem('ERR_UNKNOWN_PARAMETER', 'Unknown query parameter: remove it.', unknown);
  }
  const query = Object.fromEntries(
    Object.entries(parameters).map(([name, values = []]) => {
      if (values.length !== 1) throw new RequestProblem('ERR_INVALID_PARAMETER', `Send "${name}" once.`, name);
      const [value = ''] = values;
      return [name, numbers.includes(name) && /^\d{1,15}$/.test(value) ? Number(value) : value];
    }),
  );
  const { issues, output } = safeParse(schema, query, { abortEarly: true });
  if (!issues) return output as T;
  const name = getDotPath(issues[0]) ?? '';
  throw new RequestProblem('ERR_INVALID_PARAMETER', `"${name}" has to be ${issues[0].message}.`, name);
}

function unknownName(value: object, schema: GenericSchema): string | undefined {
  const { entries = {} } = schema as { entries?: object };
  return Object.keys(value).find((name) => !Object.hasOwn(entries, name));
}

function readJsonObject({ body, isBase64Encoded }: APIGatewayProxyEvent): object {
  const text = isBase64Encoded ? Buffer.from(body ?? '', 'base64').toString('utf8') : body;
  if (!text) throw new RequestProblem('ERR_MISSING_BODY', 'The request has no body: send a JSON object.');
  const value = parseJson(text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new RequestProblem('ERR_INVALID_BODY', 'The body is not a JSON object.');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new RequestProblem('ERR_INVALID_JSON', 'The body is not JSON.');
  }
}

function bodyProblem(issue: BaseIssue<unknown>): RequestProblem {
  const field = (getDotPath(issue) ?? '').replace(/\.(\d+)(?=\.|$)/g, '[$1]');
  const isOfObject = issue.type === 'strict_object';
  if (isOfObject && issue.expected === 'never') {
    return new RequestProblem('ERR_UNKNOWN_FIELD', 'Unknown field: remove it.', field);
  }
  if (isOfObject && issue.received === 'undefined') {
    const code = field === 'file' ? 'ERR_MISSING_FILE' : 'ERR_MISSING_FIELD';
    return new RequestProblem(code, `"${field}" is missing.`, field);
  }
  const code = /^(?:file|files\[\d+\])$/.test(field) ? 'ERR_INVALID_FILE' : 'ERR_INVALID_FIELD';
  return new RequestProblem(code, `"${field}" has to be ${issue.message}.`, field);
}
