import {
  type BucketRequest,
  type ConditionValues,
  type ObjectRequest,
  objectArn,
  type S3Context,
} from '../request-context';
import type { Tags } from './tags';

/** Headers that policies may speak of. Source: Service Authorization Reference, "Condition keys for Amazon S3". */
const HEADER_KEYS = [
  'x-amz-acl',
  'x-amz-copy-source',
  'x-amz-metadata-directive',
  'x-amz-server-side-encryption',
  'x-amz-storage-class',
  'x-amz-content-sha256',
];

/** The condition keys of every request to S3. */
export function requestConditions({
  headers,
  principal,
  isPresigned,
}: Pick<ObjectRequest, 'headers' | 'principal' | 'isPresigned'>): ConditionValues {
  const fromHeaders = HEADER_KEYS.flatMap((name) =>
    headers[name] === undefined ? [] : [[`s3:${name}`, String(headers[name])] as const],
  );
  return {
    ...Object.fromEntries(fromHeaders),
    's3:ResourceAccount': principal.accountId,
    's3:signatureversion': 'AWS4-HMAC-SHA256',
    's3:authType': isPresigned ? 'REST-QUERY-STRING' : 'REST-HEADER',
    's3:if-match': headers['if-match'],
    's3:if-none-match': headers['if-none-match'],
    'aws:UserAgent': headers['user-agent'],
    'aws:Referer': headers.referer,
  };
}

/** Returns the condition keys of a listing. */
export const listConditions = ({ query }: Pick<BucketRequest, 'query'>): ConditionValues => ({
  's3:prefix': query.get('prefix'),
  's3:delimiter': query.get('delimiter'),
  's3:max-keys': query.get('max-keys'),
});

/** Returns the condition key of a request that may name a version. */
export const versionConditions = ({ query }: Pick<ObjectRequest, 'query'>): ConditionValues => ({
  's3:VersionId': query.get('versionId'),
});

/** Returns the condition keys of a write that tags the object. */
export const writeConditions = (tags: Tags): ConditionValues => ({
  ...Object.fromEntries(Object.entries(tags).map(([name, value]) => [`s3:RequestObjectTag/${name}`, value])),
  ...(Object.keys(tags).length > 0 && { 's3:RequestObjectTagKeys': Object.keys(tags) }),
});

/** Requires the permission to write an object, and where it gets tags, the permission to tag it. */
export function requireWritePermission(request: ObjectRequest, action: string, tags: Tags, context: S3Context): void {
  const resource = objectArn(request.bucket, request.key);
  const conditions = writeConditions(tags);
  context.requirePermission(request, action, resource, conditions);
  if (Object.keys(tags).length > 0) context.requirePermission(request, 's3:PutObjectTagging', resource, conditions);
}
