import type { APIGatewayProxyEvent } from 'aws-lambda';
import { RequestProblem } from './http-api';

/** S3's own limit for a key, in bytes of UTF-8. Source: Amazon S3 User Guide, "Creating object key names". */
const MAX_KEY_BYTES = 1024;
const EXAMPLE = 'Send a JSON object such as {"file": "reports/q3.pdf"}.';

/** The object key that `POST /urls` asks for, or the reason why there is none. */
export function readFile(event: APIGatewayProxyEvent): string {
  const { file, ...unknown } = readJsonObject(event);
  const [field] = Object.keys(unknown);
  if (field !== undefined) throw new RequestProblem('ERR_UNKNOWN_FIELD', `Unknown field. ${EXAMPLE}`, field);
  if (file === undefined) throw new RequestProblem('ERR_MISSING_FILE', `"file" is missing. ${EXAMPLE}`, 'file');
  if (typeof file !== 'string' || file === '') {
    throw new RequestProblem('ERR_INVALID_FILE', `"file" has to be the object's key, a string. ${EXAMPLE}`, 'file');
  }
  if (!file.isWellFormed()) {
    throw new RequestProblem('ERR_INVALID_FILE', '"file" has an unpaired surrogate: send valid Unicode.', 'file');
  }
  const bytes = Buffer.byteLength(file);
  if (bytes > MAX_KEY_BYTES) {
    throw new RequestProblem(
      'ERR_KEY_TOO_LONG',
      `"file" has ${bytes} bytes; an S3 key has at most ${MAX_KEY_BYTES}.`,
      'file',
    );
  }
  return file;
}

function readJsonObject(event: APIGatewayProxyEvent): Record<string, unknown> {
  const text = event.isBase64Encoded ? Buffer.from(event.body ?? '', 'base64').toString('utf8') : event.body;
  if (!text) throw new RequestProblem('ERR_MISSING_BODY', `The request has no body. ${EXAMPLE}`);
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new RequestProblem('ERR_INVALID_BODY', `The body is not a JSON object. ${EXAMPLE}`);
  }
  return value as Record<string, unknown>;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new RequestProblem('ERR_INVALID_JSON', `The body is not JSON. ${EXAMPLE}`);
  }
}
