import { GatewayError } from '../errors';
import { isHeader } from '../response/header';
import type { HttpResponse } from '../response/http-response';
import { isObject, type JsonObject, parseObject } from './json-object';

type HeaderValue = string | number | boolean;
type Headers = Readonly<Record<string, readonly string[]>>;

const FIELDS: readonly string[] = ['statusCode', 'headers', 'multiValueHeaders', 'body', 'isBase64Encoded'];

/** Headers that API Gateway writes itself; a function's own come with the prefix. */
const REMAPPED: readonly string[] = ['connection', 'content-length', 'date', 'server'];
const DROPPED: readonly string[] = ['transfer-encoding'];

/**
 * The answer in a function's payload; undefined when it is malformed. No field has to be there, but no other may.
 * Source: API Gateway Developer Guide, "Output format of a Lambda function for proxy integration".
 */
export function readProxyResponse(payload: string, acceptsBinary: boolean): HttpResponse | undefined {
  const response = parseObject(payload);
  if (!response || Object.keys(response).some((field) => !FIELDS.includes(field))) return undefined;
  const statusCode = readStatusCode(response.statusCode ?? 200);
  const headers = readHeaders(response);
  const { body = null, isBase64Encoded = null } = response;
  const isBodyValid = body === null || typeof body === 'string';
  const isFlagValid = isBase64Encoded === null || typeof isBase64Encoded === 'boolean';
  if (statusCode === undefined || !headers || !isBodyValid || !isFlagValid) return undefined;
  return { statusCode, headers, body: isBase64Encoded && acceptsBinary ? decodeBase64(body ?? '') : (body ?? '') };
}

function readStatusCode(value: unknown): number | undefined {
  const isText = typeof value === 'string' && /^\d{3}$/.test(value);
  if (!isText && !Number.isInteger(value)) return undefined;
  const statusCode = Number(value);
  return statusCode >= 200 && statusCode <= 599 ? statusCode : undefined;
}

/** `multiValueHeaders` come first and decide the spelling; the same value in `headers` is not repeated. */
function readHeaders(response: JsonObject): Headers | undefined {
  const multiple = response.multiValueHeaders ?? {};
  const single = response.headers ?? {};
  if (!isObject(multiple) || !isObject(single)) return undefined;
  const headers = new Map<string, { name: string; values: string[] }>();
  const add = (name: string, values: string[]) => {
    const header = headers.get(name.toLowerCase()) ?? { name: outwardName(name), values: [] };
    headers.set(name.toLowerCase(), { ...header, values: [...header.values, ...values] });
  };
  for (const [name, values] of Object.entries(multiple)) {
    if (!Array.isArray(values) || !values.every((value) => isHeaderValue(name, value))) return undefined;
    add(name, values.map(String));
  }
  for (const [name, value] of Object.entries(single)) {
    if (!isHeaderValue(name, value)) return undefined;
    const isRepeated = headers.get(name.toLowerCase())?.values.includes(String(value));
    if (!isRepeated) add(name, [String(value)]);
  }
  if (!headers.has('content-type')) add('Content-Type', ['application/json']);
  for (const name of DROPPED) headers.delete(name);
  return Object.fromEntries([...headers.values()].map(({ name, values }) => [name, values]));
}

const outwardName = (name: string): string =>
  REMAPPED.includes(name.toLowerCase()) ? `x-amzn-Remapped-${name}` : name;

/** Texts, and what can only be meant as one. */
function isHeaderValue(name: string, value: unknown): value is HeaderValue {
  return ['string', 'number', 'boolean'].includes(typeof value) && isHeader(name, String(value));
}

function decodeBase64(body: string): Buffer {
  if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(body)) throw new GatewayError('DEFAULT_5XX');
  return Buffer.from(body, 'base64');
}
