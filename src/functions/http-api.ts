import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { AwsCallError } from './call-aws';

/** Any page may read an answer: what guards the API is the key in `x-api-key`, which no browser sends by itself. */
const CORS_HEADERS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': 'Link,X-Next-Cursor,X-Amzn-RequestId',
};

/** A request the caller has to mend. Answered as RFC 9457 problem details. */
export class RequestProblem extends Error {
  override readonly name = 'RequestProblem';
  readonly status: number;
  readonly code: string;
  readonly field: string | undefined;
  constructor(code: string, message: string, field?: string, status = 400) {
    super(message);
    this.code = code;
    this.field = field;
    this.status = status;
  }
}

export type Answer = (event: APIGatewayProxyEvent) => Promise<APIGatewayProxyResult>;

/** Wraps a route: what it throws becomes a problem answer, and a log line without anything secret. */
export function httpHandler(answer: Answer): Answer {
  return async (event) => {
    try {
      return await answer(event);
    } catch (error) {
      return problemAnswer(error, event.requestContext.requestId);
    }
  };
}

export function jsonAnswer(
  statusCode: number,
  body: unknown,
  headers: Record<string, string> = {},
): APIGatewayProxyResult {
  return {
    statusCode,
    headers: { 'Content-Type': 'application/json', ...CORS_HEADERS, ...headers },
    body: JSON.stringify(body),
  };
}

function problemAnswer(error: unknown, requestId: string): APIGatewayProxyResult {
  const { status, code, detail, field } = describe(error);
  if (status >= 500) console.error({ message: detail, code, requestId });
  return jsonAnswer(
    status,
    { type: 'about:blank', title: TITLES[status] ?? 'Error', status, code, detail, field, requestId },
    { 'Content-Type': 'application/problem+json' },
  );
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
};

function describe(error: unknown): { status: number; code: string; detail: string; field?: string | undefined } {
  if (error instanceof RequestProblem) {
    return { status: error.status, code: error.code, detail: error.message, field: error.field };
  }
  if (error instanceof AwsCallError) return { status: 502, code: error.code, detail: error.message };
  const cause = error instanceof Error ? error : new Error('unknown');
  const code = (cause as { code?: unknown }).code;
  // An unforeseen error's message may quote its input; the name and the code cannot.
  return {
    status: 500,
    code: 'ERR_INTERNAL',
    detail: `The function failed (${cause.name}${typeof code === 'string' ? `, ${code}` : ''}). Quote the requestId when you report it.`,
  };
}
