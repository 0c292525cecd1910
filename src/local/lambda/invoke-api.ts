/**
 * Lambda's own API as far as Invoke goes, so that `aws lambda invoke` and the SDKs run a function at home.
 * Source: AWS Lambda API Reference 2015-03-31, "Invoke".
 *
 * Gaps: every other operation answers NotImplemented; of Invoke the invocation types Event and DryRun, the log's tail, qualifiers and
 * the client context.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { AwsRequest } from '../aws-request';
import { AccessDeniedError, type Authorize } from '../iam/authorize';
import type { SignatureError } from '../iam/signature-error';
import type { Functions } from './functions';
import { LambdaError, type LambdaErrorCode } from './lambda-error';

export interface InvokeApi {
  handle(request: AwsRequest, response: ServerResponse): Promise<void>;
  refuse(error: SignatureError, request: IncomingMessage, requestId: string, response: ServerResponse): void;
}

interface Refused {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

const INVOKE = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;

/** Source: AWS Lambda API Reference, "Invoke", "Errors". */
const STATUS: Readonly<Record<LambdaErrorCode, number>> = {
  AccessDeniedException: 403,
  InvalidParameterValueException: 400,
  RequestTooLargeException: 413,
  ResourceNotFoundException: 404,
  ServiceException: 500,
};

export function createInvokeApi(functions: Functions, authorize: Authorize): InvokeApi {
  async function invoke({ method, rawPath, rawQuery, headers, principal, body }: AwsRequest, response: ServerResponse) {
    const name = method === 'POST' ? INVOKE.exec(rawPath)?.[1] : undefined;
    const [type = 'RequestResponse', logs = 'None'] = [headers['x-amz-invocation-type'], headers['x-amz-log-type']];
    if (name === undefined || type !== 'RequestResponse' || logs !== 'None' || rawQuery !== '')
      throw new NotImplementedError('home has Invoke only, with the invocation type RequestResponse and no log');
    const nameOrArn = decodeURIComponent(name);
    const resource = functions.arnOf(nameOrArn);
    authorize({ principal, action: 'lambda:InvokeFunction', resource });
    const { payload, functionError } = await functions.invoke(nameOrArn, readEvent(await text(body)), 'iam');
    response.writeHead(200, {
      'content-type': 'application/json',
      'x-amz-executed-version': '$LATEST',
      ...(functionError && { 'x-amz-function-error': functionError }),
    });
    response.end(payload);
  }

  return {
    async handle(request, response) {
      try {
        await invoke(request, response);
      } catch (error) {
        refuse(response, request.requestId, asRefused(error));
      }
    },
    refuse({ status, code, message }, _request, requestId, response) {
      refuse(response, requestId, { status, code, message });
    },
  };
}

class NotImplementedError extends Error {}

function readEvent(body: string): unknown {
  if (body === '') return {};
  try {
    return JSON.parse(body);
  } catch {
    throw new LambdaError('InvalidParameterValueException', 'the payload is not JSON');
  }
}

function asRefused(error: unknown): Refused {
  if (error instanceof LambdaError) return { status: STATUS[error.code], code: error.code, message: error.message };
  if (error instanceof AccessDeniedError) return { status: 403, code: 'AccessDeniedException', message: error.message };
  if (error instanceof NotImplementedError) return { status: 501, code: 'NotImplemented', message: error.message };
  throw error;
}

function refuse(response: ServerResponse, requestId: string, { status, code, message }: Refused): void {
  const headers = { 'content-type': 'application/json', 'x-amzn-requestid': requestId, 'x-amzn-errortype': code };
  response.writeHead(status, headers).end(JSON.stringify({ Type: 'User', Message: message }));
}
