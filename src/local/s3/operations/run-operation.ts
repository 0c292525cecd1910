import { bucketArn, objectArn, type S3Context, type S3Response } from '../request-context';
import { S3Error } from '../s3-error';
import type { S3Request } from '../s3-request';
import type { Row } from './operation';
import { BUCKET, OBJECT, SERVICE } from './table';

/** Parameters that choose an operation; one that the matching row does not know asks for something that the local runtime does not have. */
const CHOOSING = [
  'abac',
  'accelerate',
  'acl',
  'analytics',
  'annotation',
  'attributes',
  'cors',
  'encryption',
  'intelligent-tiering',
  'inventory',
  'legal-hold',
  'lifecycle',
  'logging',
  'metadataTable',
  'metadataConfiguration',
  'metrics',
  'notification',
  'object-lock',
  'ownershipControls',
  'partNumber',
  'policy',
  'policyStatus',
  'publicAccessBlock',
  'renameObject',
  'replication',
  'requestPayment',
  'restore',
  'retention',
  'select',
  'session',
  'tagging',
  'torrent',
  'uploads',
  'versionId',
  'versioning',
  'versions',
  'website',
] as const;

/** Runs the operation that the request names, once the caller has the permission of its row. */
export async function runOperation(request: S3Request, context: S3Context): Promise<S3Response> {
  const { bucket, key } = request;
  if (bucket === undefined) return run(choose(SERVICE, request), request, '*', context);
  if (!context.store.findBucket(bucket)) {
    const creates = key === undefined && choose(BUCKET, request) === BUCKET.CreateBucket;
    if (!creates) throw new S3Error('NoSuchBucket', undefined, { BucketName: bucket });
  }
  if (key === undefined) return run(choose(BUCKET, request), { ...request, bucket }, bucketArn(bucket), context);
  return run(choose(OBJECT, request), { ...request, bucket, key }, objectArn(bucket, key), context);
}

function choose<R extends S3Request>(
  rows: Readonly<Record<string, Row<R>>>,
  { method, query, headers }: S3Request,
): Row<R> {
  const row = Object.values(rows).find(
    (candidate) =>
      candidate.method === method &&
      (candidate.query ?? []).every((name) => query.has(name)) &&
      (candidate.header === undefined || headers[candidate.header] !== undefined),
  );
  const known = [...(row?.query ?? []), ...(row?.takes ?? [])];
  const foreign = CHOOSING.find((name) => query.has(name) && !known.includes(name));
  if (foreign)
    throw new S3Error('NotImplemented', `the local runtime does not do ${method} ?${foreign}`, { Header: foreign });
  if (!row) throw new S3Error('MethodNotAllowed', undefined, { Method: method });
  return row;
}

function run<R extends S3Request>(
  row: Row<R>,
  request: R,
  resource: string,
  context: S3Context,
): S3Response | Promise<S3Response> {
  const action = typeof row.action === 'string' ? row.action : row.action(request);
  if (row.requireAndHandle) return row.requireAndHandle(request, action, context);
  context.requirePermission(request, action, resource, row.conditions?.(request));
  return row.handle(request, context);
}
