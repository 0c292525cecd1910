/**
 * Amazon S3 in miniature: buckets, objects that are whole or absent, versions, multipart uploads, tags, checksums, browser forms;
 * path-style and virtual-hosted requests. Source: Amazon S3 API Reference, read 2026-11.
 *
 * Gaps: ACLs, lifecycle, object lock, replication, notifications, website, archives, SSE-C and KMS, inventory and its like: each answers
 * NotImplemented by name. A bucket's policy comes from the template only. Objects sent without a checksum get none, where S3
 * adds a CRC64NVME.
 *
 * By design: nobody is anonymous; a HostId is the local runtime's own; objects are not encrypted on the disk, though answers say AES256 as
 * S3's do; storage classes are kept and change nothing; lifecycle rules of a template are read (`lifecycle.ts`), and nothing expires.
 */

import type { IncomingMessage } from 'node:http';
import type { AwsRequest } from '../aws-request';
import { AccessDeniedError } from '../iam/authorize';
import { verifyFormSignature } from '../iam/form-signature';
import type { FindAccessKey } from '../iam/principal';
import { SignatureError } from '../iam/signature-error';
import type { Service, ServiceApi, ServiceOptions, UnsignedRequest } from '../service';
import { corsHeaders } from './headers/cors';
import { requestConditions } from './headers/policy-conditions';
import { postObject, readForm } from './operations/post-object';
import { runOperation } from './operations/run-operation';
import type { S3Context, S3Response } from './request-context';
import { S3Error } from './s3-error';
import { bucketOfHost, readS3Request } from './s3-request';
import { xmlError } from './s3-xml';
import { type BucketSettings, createBucketSettings } from './store/bucket-settings';
import { type ObjectStore, openObjectStore } from './store/object-store';
import { s3ResourceTypes } from './template/resources';

export interface S3Options extends ServiceOptions {
  readonly dir: string;
  readonly findAccessKey: FindAccessKey;
}

export interface S3 extends Service {
  readonly store: ObjectStore;
  readonly settings: BucketSettings;
  readonly api: S3Api;
}

/** The distribution asks it too, as its own principal. */
export interface S3Api extends ServiceApi {
  answer(request: AwsRequest): Promise<S3Response>;
}

export function openS3(options: S3Options): S3 {
  const { dir, region, accountId, authorize, findAccessKey, now } = options;
  const store = openObjectStore(dir);
  const settings = createBucketSettings();
  const context: S3Context = {
    store,
    settings,
    region,
    accountId,
    now,
    requirePermission(request, action, resource, conditions) {
      const time = {
        'aws:CurrentTime': now().toISOString(),
        'aws:EpochTime': String(Math.floor(now().getTime() / 1000)),
      };
      const values = { ...time, 'aws:SourceIp': request.sourceIp, ...requestConditions(request), ...conditions };
      const resourcePolicy = settings.get(request.bucket ?? '').policy;
      authorize({ principal: request.principal, action, resource, context: values, resourcePolicy });
    },
  };

  /** Read the target → find the operation → ask whether it may → run it → what a page of another origin may read. */
  async function answer(request: AwsRequest): Promise<S3Response> {
    const { method, headers, rawPath, requestId } = request;
    if (isPreflight(method, headers)) return preflightResponse(headers, rawPath, requestId);
    const response = await run(request);
    const cors = corsHeadersFor(headers, method, rawPath);
    return cors ? { ...response, headers: { ...response.headers, ...cors } } : response;
  }

  async function run(request: AwsRequest): Promise<S3Response> {
    try {
      return completeResponse(await runOperation(readS3Request(request), context), request.requestId);
    } catch (error) {
      return errorResponse(error, request.requestId, request.rawPath);
    }
  }

  function preflightResponse(headers: IncomingMessage['headers'], rawPath: string, requestId: string): S3Response {
    const cors = corsHeadersFor(headers, 'OPTIONS', rawPath);
    return cors
      ? completeResponse({ status: 200, headers: cors }, requestId)
      : errorResponse(new S3Error('AccessForbidden'), requestId, rawPath);
  }

  /** A form: read it up to its file → check its signature → the policy and the upload. */
  async function postForm({ incoming, requestId, ...target }: UnsignedRequest, bucket: string): Promise<S3Response> {
    try {
      if (!store.findBucket(bucket)) throw new S3Error('NoSuchBucket', undefined, { BucketName: bucket });
      const form = await readForm(incoming.headers, incoming);
      const { principal } = verifyFormSignature(form.fields, { region, services: ['s3'], findAccessKey, now: now() });
      const request = {
        ...target,
        method: 'POST',
        headers: incoming.headers,
        body: form.file,
        principal: principal(),
        sourceIp: incoming.socket.remoteAddress,
        requestId,
        payloadHash: 'UNSIGNED-PAYLOAD',
        bucket,
        query: new Map(),
      };
      return completeResponse(await postObject(request, form, context), requestId);
    } catch (error) {
      incoming.unpipe();
      incoming.resume();
      return errorResponse(error, requestId, target.rawPath);
    }
  }

  const corsHeadersFor = (headers: IncomingMessage['headers'], method: string, rawPath: string) =>
    headers.origin === undefined
      ? undefined
      : corsHeaders(store.findBucket(bucketOf(headers, rawPath))?.cors ?? [], { method, headers });

  async function answerUnsigned(request: UnsignedRequest): Promise<S3Response | undefined> {
    const { incoming, rawPath, requestId } = request;
    const { method = 'GET', headers } = incoming;
    if (headers.authorization !== undefined) return undefined;
    if (isPreflight(method, headers)) return preflightResponse(headers, rawPath, requestId);
    if (method !== 'POST' || !headers['content-type']?.startsWith('multipart/form-data')) return undefined;
    const posted = await postForm(request, bucketOf(headers, rawPath));
    return { ...posted, headers: { ...posted.headers, ...corsHeadersFor(headers, method, rawPath) } };
  }

  return {
    store,
    settings,
    resourceTypes: s3ResourceTypes(context),
    api: { answer, answerUnsigned, refuse: (error, requestId) => errorResponse(error, requestId, '') },
    close: () => store.close(),
  };
}

/** A browser's question whether a page of another origin may; it carries no signature. */
const isPreflight = (method: string, { origin }: IncomingMessage['headers']): boolean =>
  method === 'OPTIONS' && origin !== undefined;

const bucketOf = ({ host = '' }: IncomingMessage['headers'], rawPath: string): string =>
  bucketOfHost(host) ?? rawPath.split('/')[1] ?? '';

function toS3Error(
  error: unknown,
): Pick<S3Error, 'code' | 'status' | 'message' | 'details' | 'headers'> | SignatureError {
  if (error instanceof S3Error || error instanceof SignatureError) return error;
  if (error instanceof AccessDeniedError) return new S3Error('AccessDenied', error.message);
  process.emitWarning(error instanceof Error ? error : String(error));
  return new S3Error('InternalError');
}

function errorResponse(thrown: unknown, requestId: string, resource: string): S3Response {
  const error = toS3Error(thrown);
  const { code, status, message } = error;
  const { details, headers } = 'details' in error ? error : { details: {}, headers: {} };
  if (status === 304) return completeResponse({ status, headers }, requestId);
  const Resource = resource === '' ? undefined : resource;
  const HostId = hostId(requestId);
  const body = xmlError({ Code: code, Message: message, ...details, Resource, RequestId: requestId, HostId });
  return completeResponse({ status, headers, body }, requestId);
}

const hostId = (requestId: string): string => `local-${requestId}`;

/** The headers of every answer of S3's. */
function completeResponse({ status, headers, body, object }: S3Response, requestId: string): S3Response {
  const xml = typeof body === 'string' && {
    'content-type': 'application/xml',
    'content-length': Buffer.byteLength(body),
  };
  const common = { server: 'AmazonS3', 'x-amz-request-id': requestId, 'x-amz-id-2': hostId(requestId) };
  return { status, headers: { ...common, ...xml, ...headers }, body, object };
}
