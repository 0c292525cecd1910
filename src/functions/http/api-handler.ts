import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { CallRow, FunctionRow } from '../../api/calls/function-row';
import { VARIABLES_OF_EVERY_CALL } from '../../api/environment';
import { problemKind, TITLES } from '../../api/problems';
import { AwsCallError } from '../aws/call-aws';
import { requireVariables } from '../aws/environment';
import { corsHeaders } from './cors';
import { countResponse } from './metrics';

/** A request that its caller has to fix. The response has RFC 9457 problem details. */
export class RequestProblem extends Error {
  override readonly name = 'RequestProblem';
  readonly status: number;
  readonly code: string;
  readonly field: string | undefined;
  /** @param status By default that of the code in `PROBLEMS`. */
  constructor(code: string, message: string, field?: string, status?: number) {
    super(message);
    this.code = code;
    this.field = field;
    this.status = status ?? problemKind(code)?.status ?? 400;
  }
}

/** Handles a Lambda proxy event of API Gateway. */
export type ApiHandler = (event: APIGatewayProxyEvent) => Promise<APIGatewayProxyResult>;

/**
 * Returns the handler of a function of the API. It dispatches each call of the function's row to its own handler: an error becomes a
 * problem response, and a log line without secrets; every response of a call with an action is counted.
 *
 * @throws Error in Lambda when a variable of the row is missing
 */
export function createApiHandler<Ids extends string>(
  { environment, calls }: FunctionRow<Ids>,
  handlers: Readonly<Record<Ids, ApiHandler>>,
): ApiHandler {
  requireVariables([...VARIABLES_OF_EVERY_CALL, ...environment]);
  const dispatched = new Map(
    Object.entries<CallRow>(calls).map(([id, call]) => [
      `${call.method} ${call.path}`,
      { action: call.action, handle: handlers[id as Ids] },
    ]),
  );
  return async (event) => {
    const started = performance.now();
    const { action, handle = unknownRoute } = dispatched.get(`${event.httpMethod} ${event.resource}`) ?? {};
    const result = await handle(event).catch((error) => problemResponse(error, event.requestContext.requestId));
    if (action) countResponse(action, result.statusCode, performance.now() - started);
    return { ...result, headers: { ...corsHeaders(event), ...result.headers } };
  };
}

export function jsonResponse(
  statusCode: number,
  body: unknown,
  headers: Record<string, string> = {},
): APIGatewayProxyResult {
  return { statusCode, headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

/** Refuses a route that the function does not serve. */
const unknownRoute: ApiHandler = async () => {
  throw new RequestProblem('ERR_UNKNOWN_ROUTE', 'No such path or method.');
};

function problemResponse(error: unknown, requestId: string): APIGatewayProxyResult {
  const { status, code, detail, field } = describe(error);
  if (status >= 500) console.error({ message: detail, code, requestId });
  return jsonResponse(
    status,
    { type: 'about:blank', title: TITLES[status] ?? 'Error', status, code, detail, field, requestId },
    { 'Content-Type': 'application/problem+json' },
  );
}

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
