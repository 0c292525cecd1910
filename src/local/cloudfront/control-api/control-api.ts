/**
 * CloudFront's control API as far as invalidations, public keys and key groups go, so that functions, the aws CLI and the SDKs can use it.
 * Source: Amazon CloudFront API Reference 2020-05-31.
 *
 * Gaps: every other operation answers NotImplemented by name. Invalidations are forgotten when the local runtime stops. Lists are answered
 * whole, however long: Marker and MaxItems are refused. TooManyPublicKeys and TooManyKeyGroups, the account's quotas, are never answered.
 * By design: an invalidation is completed, and a changed key group in force, when it is answered; there is one edge location.
 */
import { text } from 'node:stream/consumers';
import type { AwsRequest } from '../../aws-request';
import { AccessDeniedError, type Authorize } from '../../iam/authorize';
import type { ServiceApi, ServiceResponse } from '../../service';
import {
  API_VERSION,
  CloudFrontApiError,
  type ControlOperation,
  type ControlResponse,
  document,
} from './control-operation';

export function createControlApi(operations: readonly ControlOperation[], authorize: Authorize): ServiceApi {
  /** Operation by method and path → may the caller → do it. */
  async function run(request: AwsRequest): Promise<ControlResponse> {
    const { operation, ids } = find(operations, request);
    const { principal, headers, rawQuery } = request;
    authorize({
      principal,
      action: `cloudfront:${operation.name}`,
      resource: operation.resource(ids, principal.accountId),
    });
    const query = new URLSearchParams(rawQuery);
    return operation.run({ ids, query, headers, body: await text(request.body) });
  }

  return {
    async answer(request) {
      try {
        const { status, body = '', location, etag } = await run(request);
        return respond(request.requestId, status, body, {
          ...(location !== undefined && { location: API_VERSION + location }),
          ...(etag !== undefined && { etag }),
        });
      } catch (error) {
        const { status, code, message } = asApiError(error);
        return respond(request.requestId, status, errorDocument(code, message, request.requestId));
      }
    },
    refuse({ status, code: found, message }, requestId) {
      // Source: Amazon CloudFront API Reference, "Common Errors".
      const code = found === 'InvalidAccessKeyId' ? 'InvalidClientTokenId' : found;
      return respond(requestId, status, errorDocument(code, message, requestId));
    },
  };
}

function find(operations: readonly ControlOperation[], { method, rawPath }: AwsRequest) {
  const path = rawPath.startsWith(`${API_VERSION}/`) ? rawPath.slice(API_VERSION.length) : '';
  for (const operation of operations) {
    const ids = operation.method === method ? operation.path.exec(path)?.slice(1) : undefined;
    if (ids) return { operation, ids };
  }
  const known = operations.map(({ name }) => name).join(', ');
  throw new CloudFrontApiError(
    501,
    'NotImplemented',
    `the local runtime has these operations of CloudFront only: ${known}`,
  );
}

function asApiError(error: unknown): Pick<CloudFrontApiError, 'status' | 'code' | 'message'> {
  if (error instanceof CloudFrontApiError) return error;
  if (error instanceof AccessDeniedError) return { status: 403, code: 'AccessDenied', message: error.message };
  throw error;
}

const errorDocument = (Code: string, Message: string, RequestId: string): string =>
  document('ErrorResponse', { Error: { Type: 'Sender', Code, Message }, RequestId });

function respond(requestId: string, status: number, body: string, headers: object = {}): ServiceResponse {
  const type = body === '' ? {} : { 'content-type': 'text/xml' };
  return { status, headers: { ...type, 'x-amzn-requestid': requestId, ...headers }, body };
}
