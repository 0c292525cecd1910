import type { IncomingHttpHeaders } from 'node:http';
import { checksumHeader } from './checksum';
import type { ObjectRecord } from './object-store';
import { S3Error } from './s3-error';

/** Headers that an object keeps and answers. */
const KEPT = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
] as const;

/** A GET may have them answered otherwise: `response-content-type` and so on. */
export const OVERRIDES: ReadonlyMap<string, string> = new Map(KEPT.map((name) => [`response-${name}`, name]));

/** What a write may ask for and home does not do: refused by name, never dropped. */
const NOT_IMPLEMENTED = [
  'x-amz-object-lock-mode',
  'x-amz-object-lock-retain-until-date',
  'x-amz-object-lock-legal-hold',
  'x-amz-server-side-encryption-customer-algorithm',
  'x-amz-server-side-encryption-aws-kms-key-id',
  'x-amz-tagging',
  'x-amz-website-redirect-location',
  'x-amz-write-offset-bytes',
];

/** 2 KB. Source: Amazon S3 User Guide, "Working with object metadata". */
const LARGEST_METADATA_BYTES = 2048;

/** The part of a record that comes from a write's headers. */
export function describeObject(headers: IncomingHttpHeaders): Pick<ObjectRecord, 'headers' | 'metadata'> {
  const refused = NOT_IMPLEMENTED.find((name) => headers[name] !== undefined);
  if (refused) throw new S3Error('NotImplemented', `home does not do ${refused}`, { Header: refused });
  checkStorageClass(headers['x-amz-storage-class']?.toString());
  checkAcl(headers['x-amz-acl']?.toString());
  return { headers: { 'content-type': 'binary/octet-stream', ...keptHeaders(headers) }, metadata: metadataOf(headers) };
}

function keptHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const kept = KEPT.flatMap((name) => (headers[name] === undefined ? [] : [[name, String(headers[name])] as const]));
  return Object.fromEntries(
    kept
      // How the body came over the wire is no property of the object.
      .map(([name, value]) => [
        name,
        name === 'content-encoding' ? value.replace(/(^|,)\s*aws-chunked\s*(,|$)/, '').trim() : value,
      ])
      .filter(([, value]) => value !== ''),
  );
}

function metadataOf(headers: IncomingHttpHeaders): Record<string, string> {
  const prefix = 'x-amz-meta-';
  const metadata = Object.entries(headers)
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, value]) => [name.slice(prefix.length), String(value)] as const);
  const bytes = metadata.reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value), 0);
  if (bytes > LARGEST_METADATA_BYTES)
    throw new S3Error('InvalidRequest', 'Your metadata headers exceed the maximum allowed metadata size');
  return Object.fromEntries(metadata);
}

function checkStorageClass(name = 'STANDARD'): void {
  if (name !== 'STANDARD') throw new S3Error('NotImplemented', `home has the storage class STANDARD, not ${name}`);
}

/** With bucket owner enforced, as the stack has it, S3 takes only this ACL too. */
function checkAcl(acl = 'bucket-owner-full-control'): void {
  if (acl !== 'bucket-owner-full-control' && acl !== 'private') {
    throw new S3Error('NotImplemented', 'home’s buckets have no ACLs: the bucket owner owns every object');
  }
}

/** What a read answers about an object. */
export function objectHeaders(record: ObjectRecord, withChecksum: boolean): Record<string, string> {
  const metadata = Object.entries(record.metadata).map(([name, value]) => [`x-amz-meta-${name}`, value]);
  return {
    'accept-ranges': 'bytes',
    'last-modified': new Date(record.lastModified).toUTCString(),
    etag: `"${record.etag}"`,
    ...record.headers,
    ...Object.fromEntries(metadata),
    'x-amz-server-side-encryption': 'AES256',
    ...(withChecksum && checksumHeaders(record)),
  };
}

export function checksumHeaders({ checksum }: Pick<ObjectRecord, 'checksum'>): Record<string, string> {
  if (!checksum) return {};
  return {
    [checksumHeader(checksum.algorithm)]: checksum.value,
    'x-amz-checksum-type': checksum.isComposite ? 'COMPOSITE' : 'FULL_OBJECT',
  };
}
