import type { APIGatewayProxyEvent } from 'aws-lambda';
import { type BaseIssue, type GenericSchema, getDotPath, safeParse } from 'valibot';
import { RequestProblem } from './http-api';

/** The request's body as its schema has it. @throws RequestProblem for the first thing that is wrong with it. */
export function readUploadBody<T>(event: APIGatewayProxyEvent, schema: GenericSchema<T>): T {
  const { issues, output } = safeParse(schema, readJsonObject(event), { abortEarly: true });
  if (!issues) return output as T;
  throw problemOf(issues[0]);
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

function problemOf(issue: BaseIssue<unknown>): RequestProblem {
  const field = jsonPath(getDotPath(issue) ?? '');
  const isOfObject = issue.type === 'strict_object';
  if (isOfObject && issue.expected === 'never') {
    return new RequestProblem('ERR_UNKNOWN_FIELD', 'Unknown field: remove it.', field);
  }
  const isFile = field === 'file';
  if (isOfObject && issue.received === 'undefined') {
    return new RequestProblem(isFile ? 'ERR_MISSING_FILE' : 'ERR_MISSING_FIELD', `"${field}" is missing.`, field);
  }
  const code = isFile ? 'ERR_INVALID_FILE' : 'ERR_INVALID_FIELD';
  return new RequestProblem(code, `"${field}" has to be ${issue.message}.`, field);
}

/** `parts.3.number` as `parts[3].number` */
const jsonPath = (path: string): string => path.replace(/\.(\d+)(?=\.|$)/g, '[$1]');
