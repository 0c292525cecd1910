/**
 * CloudFront's control API as far as invalidations go, so that the aws CLI and the SDKs make them at home.
 * Source: Amazon CloudFront API Reference 2020-05-31: CreateInvalidation, GetInvalidation, ListInvalidations.
 *
 * Gaps: every other operation answers NotImplemented by name. Invalidations are forgotten when home stops.
 * By design: an invalidation is completed when it is answered; there is one edge.
 */
import { randomInt } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { AwsRequest } from '../aws-request';
import { AccessDeniedError, type Authorize } from '../iam/authorize';
import type { SignatureError } from '../iam/signature-error';
import { textsOf, type Xml, xmlElements } from '../xml';
import type { CloudFrontResources } from './resources';

export interface InvalidationApiOptions {
  readonly resources: CloudFrontResources;
  /** Resolves when no edge has what the paths name any more. */
  readonly invalidate: (paths: readonly string[]) => Promise<void>;
  readonly authorize: Authorize;
  readonly now: () => Date;
}

export interface InvalidationApi {
  handle(request: AwsRequest, response: ServerResponse): Promise<void>;
  refuse(error: SignatureError, request: IncomingMessage, requestId: string, response: ServerResponse): void;
}

interface Invalidation {
  readonly id: string;
  readonly createTime: string;
  readonly callerReference: string;
  readonly paths: readonly string[];
}

class CloudFrontApiError extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

const NAMESPACE = 'http://cloudfront.amazonaws.com/doc/2020-05-31/';
const TARGET = /^\/2020-05-31\/distribution\/([^/]+)\/invalidation(?:\/([^/]+))?$/;
/** Source: CloudFront Developer Guide, "Invalidate files": a path is an object's, or ends in one wildcard. */
const PATH = /^\/[^*]*\*?$/;
const MOST_PATHS = 3000;

export function createInvalidationApi({
  resources,
  invalidate,
  authorize,
  now,
}: InvalidationApiOptions): InvalidationApi {
  const invalidations = new Map<string, Invalidation>();

  /** Operation by method and path → may the caller → do it. */
  async function answer(request: AwsRequest): Promise<{ status: number; body: string; location?: string }> {
    const { method, rawPath } = request;
    const [, distributionId = '', id] = TARGET.exec(rawPath) ?? [];
    const operation = operationOf(method, distributionId, id);
    const { distribution } = resources;
    if (distribution?.id !== distributionId)
      throw new CloudFrontApiError(404, 'NoSuchDistribution', 'The specified distribution does not exist.');
    authorize({ principal: request.principal, action: `cloudfront:${operation}`, resource: distribution.arn });
    if (operation === 'CreateInvalidation') {
      const invalidation = await create(await text(request.body));
      const location = `${rawPath}/${invalidation.id}`;
      return { status: 201, body: document('Invalidation', describe(invalidation)), location };
    }
    if (operation === 'ListInvalidations') return { status: 200, body: document('InvalidationList', list()) };
    const found = invalidations.get(id ?? '');
    if (found) return { status: 200, body: document('Invalidation', describe(found)) };
    throw new CloudFrontApiError(404, 'NoSuchInvalidation', 'The specified invalidation does not exist.');
  }

  async function create(xml: string): Promise<Invalidation> {
    const paths = textsOf(xml, 'Path');
    const [callerReference] = textsOf(xml, 'CallerReference');
    if (callerReference === undefined || paths.length === 0)
      throw new CloudFrontApiError(400, 'MalformedXML', 'The batch needs Paths and a CallerReference.');
    const wrong = paths.find((path) => !PATH.test(path));
    if (wrong !== undefined || paths.length > MOST_PATHS)
      throw new CloudFrontApiError(
        400,
        'InvalidArgument',
        'Your request contains one or more invalid invalidation paths.',
      );
    const again = [...invalidations.values()].find((one) => one.callerReference === callerReference);
    if (again) return again;
    await invalidate(paths);
    const id = `I${Array.from({ length: 13 }, () => randomInt(36).toString(36).toUpperCase()).join('')}`;
    const invalidation = { id, createTime: now().toISOString(), callerReference, paths };
    invalidations.set(id, invalidation);
    return invalidation;
  }

  const list = (): Xml => {
    const items = [...invalidations.values()].reverse();
    const InvalidationSummary = items.map(({ id, createTime }) => ({
      Id: id,
      CreateTime: createTime,
      Status: 'Completed',
    }));
    return { Marker: '', MaxItems: 100, IsTruncated: false, Quantity: items.length, Items: { InvalidationSummary } };
  };

  return {
    async handle(request, response) {
      try {
        const { status, body, location } = await answer(request);
        write(response, request.requestId, status, body, location === undefined ? {} : { location });
      } catch (error) {
        const { status, code, message } = asApiError(error);
        write(response, request.requestId, status, errorDocument(code, message, request.requestId));
      }
    },
    refuse({ status, code, message }, _request, requestId, response) {
      write(response, requestId, status, errorDocument(code, message, requestId));
    },
  };
}

function operationOf(method: string, distributionId: string, id: string | undefined) {
  if (distributionId !== '' && id === undefined && method === 'POST') return 'CreateInvalidation';
  if (distributionId !== '' && method === 'GET') return id === undefined ? 'ListInvalidations' : 'GetInvalidation';
  throw new CloudFrontApiError(
    501,
    'NotImplemented',
    'home has CreateInvalidation, GetInvalidation and ListInvalidations only',
  );
}

function asApiError(error: unknown): Pick<CloudFrontApiError, 'status' | 'code' | 'message'> {
  if (error instanceof CloudFrontApiError) return error;
  if (error instanceof AccessDeniedError) return { status: 403, code: 'AccessDenied', message: error.message };
  throw error;
}

const describe = ({ id, createTime, callerReference, paths }: Invalidation): Xml => ({
  Id: id,
  Status: 'Completed',
  CreateTime: createTime,
  InvalidationBatch: {
    Paths: { Quantity: paths.length, Items: { Path: paths } },
    CallerReference: callerReference,
  },
});

const document = (root: string, content: Xml): string =>
  `<?xml version="1.0"?>\n${xmlElements({ [`${root} xmlns="${NAMESPACE}"`]: content })}`;

const errorDocument = (Code: string, Message: string, RequestId: string): string =>
  document('ErrorResponse', { Error: { Type: 'Sender', Code, Message }, RequestId });

function write(response: ServerResponse, requestId: string, status: number, body: string, headers: object = {}): void {
  response.writeHead(status, { 'content-type': 'text/xml', 'x-amzn-requestid': requestId, ...headers }).end(body);
}
