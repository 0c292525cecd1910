import type { Readable } from 'node:stream';
import type { Clock } from '../clock';
import type { ByteRange } from '../http/byte-range';
import type { S3Request } from './s3-request';
import type { BucketSettings } from './store/bucket-settings';
import type { ObjectStore } from './store/object-store';

/** An operation's response. A string body is XML. */
export interface S3Response {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | number>>;
  readonly body?: string | Readable | undefined;
  /** The whole object behind the body, for a caller in this process that reads its files itself. */
  readonly object?: StoredObject | undefined;
}

export interface StoredObject {
  readonly size: number;
  /** What the body is of it; undefined for all. */
  readonly range: ByteRange | undefined;
  /** The files that hold it, side by side. Nobody changes them. */
  readonly pieces: readonly { readonly path: string; readonly size: number }[];
  /** Keeps the files, whatever becomes of the object, until the function that it returns is called. */
  retain(): () => void;
}

/** Condition keys of a request and their values, for policies. */
export type ConditionValues = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface S3Context {
  readonly store: ObjectStore;
  readonly settings: BucketSettings;
  readonly region: string;
  readonly accountId: string;
  readonly now: Clock;
  /** Throws AccessDeniedError unless the caller's policies or the bucket's allow the action on the resource. */
  requirePermission(request: S3Request, action: string, resource: string, conditions?: ConditionValues): void;
}

/** A request that names a bucket which exists. */
export type BucketRequest = S3Request & { readonly bucket: string };
export type ObjectRequest = BucketRequest & { readonly key: string };

export const bucketArn = (bucket: string): string => `arn:aws:s3:::${bucket}`;
export const objectArn = (bucket: string, key: string): string => `arn:aws:s3:::${bucket}/${key}`;
