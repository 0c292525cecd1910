/**
 * Amazon S3 in miniature: buckets that the template defines, objects that are whole or absent, path-style requests.
 * Source: Amazon S3 API Reference, read 2026-11.
 *
 * Gaps: versions, tagging, object attributes, POST uploads, CORS, virtual-hosted style, full-object checksums of multipart uploads, upload
 * listings and part copies; ACLs, lifecycle, object lock, replication, notifications, website, storage classes, SSE-C and KMS. Each answers
 * NotImplemented by name. Buckets are made and removed by the template only.
 *
 * By design: nobody is anonymous; a HostId is home's own; objects are not encrypted on the disk, though answers say AES256 as S3's do.
 */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { AwsRequest } from '../aws-request';
import { AccessDeniedError, type Authorize } from '../iam/authorize';
import type { PolicyDocument } from '../iam/policy-document';
import type { SignatureError } from '../iam/signature-error';
import { type ObjectStore, openObjectStore } from './object-store';
import type { S3Answer, S3Context } from './operation';
import { runOperation } from './operations';
import { S3Error } from './s3-error';
import { readS3Request } from './s3-request';
import { xmlError } from './xml';

export interface S3Options {
  readonly dir: string;
  readonly region: string;
  readonly accountId: string;
  readonly authorize: Authorize;
  readonly now?: () => Date;
}

export interface S3 {
  readonly store: ObjectStore;
  /** Answers a request whose signature held. */
  handle(request: AwsRequest, response: ServerResponse): Promise<void>;
  /** What the request would be answered; the distribution asks this way, in its own name. */
  answer(request: AwsRequest): Promise<S3Answer>;
  refuse(error: SignatureError, request: IncomingMessage, requestId: string, response: ServerResponse): void;
  setBucketPolicy(bucket: string, policy: PolicyDocument | undefined): void;
  close(): Promise<void>;
}

export function openS3({ dir, region, accountId, authorize, now = () => new Date() }: S3Options): S3 {
  const store = openObjectStore(dir);
  const policies = new Map<string, PolicyDocument>();
  const context: S3Context = {
    store,
    region,
    accountId,
    now,
    mayOrThrow({ principal, bucket }, action, resource, conditions = {}) {
      authorize({ principal, action, resource, context: conditions, resourcePolicy: policies.get(bucket ?? '') });
    },
  };

  /** Read the target → find the operation → ask whether it may → run it. */
  async function answer(request: AwsRequest): Promise<S3Answer> {
    try {
      return completeAnswer(await runOperation(readS3Request(request), context), request.requestId);
    } catch (error) {
      return errorAnswer(asS3Error(error), request.requestId, request.rawPath);
    }
  }

  return {
    store,
    answer,
    async handle(request, response) {
      await writeAnswer(response, await answer(request), request.method);
    },
    refuse(error, { method = 'GET' }, requestId, response) {
      const { code, status, message } = error;
      void writeAnswer(response, errorAnswer({ code, status, message, details: {} }, requestId, ''), method);
    },
    setBucketPolicy(bucket, policy) {
      if (policy) policies.set(bucket, policy);
      else policies.delete(bucket);
    },
    close: () => store.close(),
  };
}

function asS3Error(error: unknown): S3Error {
  if (error instanceof S3Error) return error;
  if (error instanceof AccessDeniedError) return new S3Error('AccessDenied', error.message);
  process.emitWarning(error instanceof Error ? error : String(error));
  return new S3Error('InternalError');
}

function errorAnswer(
  {
    code,
    status,
    message,
    details,
  }: { code: string; status: number; message: string; details: Readonly<Record<string, string>> },
  requestId: string,
  resource: string,
): S3Answer {
  if (status === 304) return completeAnswer({ status }, requestId);
  const Resource = resource === '' ? undefined : resource;
  const body = xmlError({
    Code: code,
    Message: message,
    ...details,
    Resource,
    RequestId: requestId,
    HostId: hostId(requestId),
  });
  return completeAnswer({ status, body }, requestId);
}

const hostId = (requestId: string): string => `home-${requestId}`;

/** The headers of every answer of S3's. */
function completeAnswer({ status, headers, body }: S3Answer, requestId: string): S3Answer {
  const xml = typeof body === 'string' && {
    'content-type': 'application/xml',
    'content-length': Buffer.byteLength(body),
  };
  const common = { server: 'AmazonS3', 'x-amz-request-id': requestId, 'x-amz-id-2': hostId(requestId) };
  return { status, headers: { ...common, ...xml, ...headers }, body };
}

/** A client that goes away in the middle ends it quietly. */
async function writeAnswer(
  response: ServerResponse,
  { status, headers, body }: S3Answer,
  method: string,
): Promise<void> {
  response.writeHead(status, { ...headers });
  if (body === undefined || method === 'HEAD') response.end();
  else if (typeof body === 'string') response.end(body);
  else await pipeline(body, response).catch(() => response.destroy());
}
