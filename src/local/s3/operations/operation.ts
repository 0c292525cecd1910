import type { ConditionValues, S3Context, S3Response } from '../request-context';
import type { S3Request } from '../s3-request';
import type { Action } from './action';

/** The operations that the local runtime has, by S3's names. PostObject is none of them: a form carries its own signature. */
export type Operation = ServiceOperation | BucketOperation | ObjectOperation;

export type ServiceOperation = 'ListBuckets';

export type BucketOperation =
  | 'CreateBucket'
  | 'DeleteBucket'
  | 'DeleteBucketCors'
  | 'DeleteObjects'
  | 'GetBucketAcl'
  | 'GetBucketCors'
  | 'GetBucketLocation'
  | 'GetBucketPolicy'
  | 'GetBucketVersioning'
  | 'HeadBucket'
  | 'ListMultipartUploads'
  | 'ListObjects'
  | 'ListObjectsV2'
  | 'ListObjectVersions'
  | 'PutBucketCors'
  | 'PutBucketVersioning';

export type ObjectOperation =
  | 'AbortMultipartUpload'
  | 'CompleteMultipartUpload'
  | 'CopyObject'
  | 'CreateMultipartUpload'
  | 'DeleteObject'
  | 'DeleteObjectTagging'
  | 'GetObject'
  | 'GetObjectAcl'
  | 'GetObjectAttributes'
  | 'GetObjectTagging'
  | 'HeadObject'
  | 'ListParts'
  | 'PutObject'
  | 'PutObjectTagging'
  | 'UploadPart'
  | 'UploadPartCopy';

type Answer = S3Response | Promise<S3Response>;

/** The method of a request for the operation, and the parameters and headers that must be there. */
interface Route {
  readonly method: 'DELETE' | 'GET' | 'HEAD' | 'POST' | 'PUT';
  readonly query?: readonly string[];
  /** Parameters that the operation reads, though they may be missing. */
  readonly takes?: readonly string[];
  readonly header?: string;
}

/** An operation whose permission the request alone decides: it is required before the operation runs and before a body is read. */
interface PermittedRow<R extends S3Request> extends Route {
  /** The IAM action that the operation takes. */
  readonly action: Action | ((request: R) => Action);
  /** Returns the condition keys that the action has besides those of every request. */
  readonly conditions?: (request: R) => ConditionValues;
  readonly handle: (request: R, context: S3Context) => Answer;
  readonly requireAndHandle?: never;
}

/** An operation that requires its permission itself: the object's tags decide too, or the copy's source, or every key of a list. */
interface RequiringRow<R extends S3Request> extends Route {
  readonly action: Action | ((request: R) => Action);
  readonly requireAndHandle: (request: R, action: Action, context: S3Context) => Answer;
  readonly handle?: never;
}

/** A request that names an operation, the IAM action that the operation takes, and the function that carries it out. */
export type Row<R extends S3Request> = PermittedRow<R> | RequiringRow<R>;
