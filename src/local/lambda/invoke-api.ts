/**
 * Lambda's own API as far as Invoke goes, so that `aws lambda invoke` and the SDKs run a function locally.
 * Source: AWS Lambda API Reference 2015-03-31, "Invoke".
 *
 * Gaps: every other operation answers NotImplemented; of Invoke the invocation types Event and DryRun, the log's tail, qualifiers and
 * the client context. A payload is 1 MiB at most, Lambda's 6 MiB. An ARN's region and account are not looked at.
 */
import { text } from 'node:stream/consumers';
import type { AwsRequest } from '../aws-request';
import { AccessDeniedError, type Authorize } from '../iam/authorize';
import type { SignatureErrorCode } from '../iam/signature-error';
import type { ServiceApi, ServiceResponse } from '../service';
import type { Functions } from './functions';
import { LambdaError, type LambdaErrorCode } from './lambda-error';

interface ErrorResponse {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

const INVOKE = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;

/** Source: AWS Lambda API Reference, "Invoke", "Errors". */
const STATUS: Readonly<Record<LambdaErrorCode, number>> = {
  AccessDeniedException: 403,
  InvalidParameterValueException: 400,
  InvalidRequestContentException: 400,
  RequestTooLargeException: 413,
  ResourceNotFoundException: 404,
  ServiceException: 500,
};

/** Source: AWS Lambda API Reference, "Common Errors"; its words for what the endpoint has found. */
const SIGNATURE_CODES: Partial<Record<SignatureErrorCode, string>> = {
  InvalidAccessKeyId: 'UnrecognizedClientException',
  InvalidToken: 'UnrecognizedClientException',
  RequestTimeTooSkewed: 'InvalidSignatureException',
  SignatureDoesNotMatch: 'InvalidSignatureException',
};

export function createInvokeApi(functions: Functions, authorize: Authorize): ServiceApi {
  /** Authorizes the caller before it looks for the function, so that a caller without permission does not learn which functions exist. */
  async function invoke({ rawPath, body, ...request }: AwsRequest): Promise<ServiceResponse> {
    const nameOrArn = nameIn(rawPath, request);
    authorize({
      principal: request.principal,
      action: 'lambda:InvokeFunction',
      resource: functions.arnOf(nameOrArn),
    });
    const { payload, functionError } = await functions.invoke(nameOrArn, readEvent(await text(body)), 'iam');
    const headers = {
      'content-type': 'application/json',
      'x-amzn-requestid': request.requestId,
      'x-amz-executed-version': '$LATEST',
      ...(functionError && { 'x-amz-function-error': functionError }),
    };
    return { status: 200, headers, body: payload };
  }

  return {
    answer: (request) => invoke(request).catch((error: unknown) => failure(toErrorResponse(error), request.requestId)),
    refuse({ status, code, message }, requestId) {
      const known = SIGNATURE_CODES[code];
      return failure(known ? { status: 403, code: known, message } : { status, code, message }, requestId);
    },
  };
}

class NotImplementedError extends Error {}

function nameIn(rawPath: string, { method, rawQuery, headers }: Pick<AwsRequest, 'method' | 'rawQuery' | 'headers'>) {
  const name = method === 'POST' ? INVOKE.exec(rawPath)?.[1] : undefined;
  const [type = 'RequestResponse', logs = 'None'] = [headers['x-amz-invocation-type'], headers['x-amz-log-type']];
  const isPlain = type === 'RequestResponse' && logs === 'None' && headers['x-amz-client-context'] === undefined;
  if (name !== undefined && isPlain && rawQuery === '') return decodeName(name);
  throw new NotImplementedError(
    'the local runtime has Invoke only, with the invocation type RequestResponse, no log, qualifier or client context',
  );
}

function decodeName(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    throw new LambdaError('InvalidParameterValueException', 'the function’s name is not percent-encoded UTF-8');
  }
}

function readEvent(body: string): unknown {
  if (body === '') return {};
  try {
    return JSON.parse(body);
  } catch {
    throw new LambdaError('InvalidRequestContentException', 'Could not parse request body into json');
  }
}

function toErrorResponse(error: unknown): ErrorResponse {
  if (error instanceof LambdaError) return { status: STATUS[error.code], code: error.code, message: error.message };
  if (error instanceof AccessDeniedError) return { status: 403, code: 'AccessDeniedException', message: error.message };
  if (error instanceof NotImplementedError) return { status: 501, code: 'NotImplemented', message: error.message };
  throw error;
}

function failure({ status, code, message }: ErrorResponse, requestId: string): ServiceResponse {
  const headers = { 'content-type': 'application/json', 'x-amzn-requestid': requestId, 'x-amzn-errortype': code };
  return { status, headers, body: JSON.stringify({ Type: status < 500 ? 'User' : 'Service', Message: message }) };
}
