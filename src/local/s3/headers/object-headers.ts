import type { IncomingHttpHeaders } from 'node:http';
import { checksumHeader } from '../checksum/checksum';
import { S3Error } from '../s3-error';
import type { ObjectDescription, ObjectRecord, StoredChecksum } from '../store/object-record';
import { readTagsHeader } from './tags';

/** Headers that are stored with an object and sent with it. */
const STORED_HEADERS = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
] as const;

/** Query parameters of a GET that override them: `response-content-type` and so on. */
export const OVERRIDES: ReadonlyMap<string, string> = new Map(STORED_HEADERS.map((name) => [`response-${name}`, name]));

/** What a write may ask for and the local runtime does not do: refused by name, never dropped. */
const NOT_IMPLEMENTED = [
  'x-amz-object-lock-mode',
  'x-amz-object-lock-retain-until-date',
  'x-amz-object-lock-legal-hold',
  'x-amz-server-side-encryption-customer-algorithm',
  'x-amz-server-side-encryption-aws-kms-key-id',
  'x-amz-website-redirect-location',
  'x-amz-write-offset-bytes',
  'x-amz-grant-full-control',
  'x-amz-grant-read',
  'x-amz-grant-read-acp',
  'x-amz-grant-write-acp',
];

/** Kept and answered; here they all lie on the same disk. Source: Amazon S3 API Reference, PutObject. */
const STORAGE_CLASSES = [
  'STANDARD',
  'REDUCED_REDUNDANCY',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'GLACIER_IR',
];
/** Objects in them cannot be read before they are restored. */
const ARCHIVES = ['GLACIER', 'DEEP_ARCHIVE', 'EXPRESS_ONEZONE', 'OUTPOSTS', 'SNOW', 'FSX_OPENZFS'];

/** 2 KB. Source: Amazon S3 User Guide, "Working with object metadata". */
const LARGEST_METADATA_BYTES = 2048;

/** What a write's headers say of the object. */
export function describeObject(headers: IncomingHttpHeaders): ObjectDescription {
  const refused = NOT_IMPLEMENTED.find((name) => headers[name] !== undefined);
  if (refused) throw new S3Error('NotImplemented', `the local runtime does not do ${refused}`, { Header: refused });
  checkAcl(headers['x-amz-acl']?.toString());
  checkEncryption(headers['x-amz-server-side-encryption']?.toString());
  return {
    headers: { 'content-type': 'binary/octet-stream', ...storedHeaders(headers) },
    metadata: metadataOf(headers),
    tags: readTagsHeader(headers['x-amz-tagging']?.toString()),
    storageClass: readStorageClass(headers['x-amz-storage-class']?.toString()),
  };
}

function storedHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const stored = STORED_HEADERS.flatMap((name) =>
    headers[name] === undefined ? [] : [[name, String(headers[name])] as const],
  );
  return Object.fromEntries(
    stored
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
  if (bytes > LARGEST_METADATA_BYTES) throw new S3Error('MetadataTooLarge');
  return Object.fromEntries(metadata);
}

export function readStorageClass(name = 'STANDARD'): string {
  if (STORAGE_CLASSES.includes(name)) return name;
  if (ARCHIVES.includes(name))
    throw new S3Error('NotImplemented', `the local runtime does not have the storage class ${name}`);
  throw new S3Error('InvalidStorageClass');
}

/** With bucket owner enforced, as the stack has it, S3 takes only this ACL too. */
function checkAcl(acl = 'bucket-owner-full-control'): void {
  if (acl !== 'bucket-owner-full-control' && acl !== 'private') throw new S3Error('AccessControlListNotSupported');
}

function checkEncryption(algorithm = 'AES256'): void {
  if (algorithm === 'AES256') return;
  if (algorithm.startsWith('aws:'))
    throw new S3Error('NotImplemented', `the local runtime does not encrypt with ${algorithm}`);
  throw new S3Error('InvalidEncryptionAlgorithmError');
}

/** What a read answers about an object. */
export function objectHeaders(record: ObjectRecord): Record<string, string> {
  const metadata = Object.entries(record.metadata).map(([name, value]) => [`x-amz-meta-${name}`, value]);
  const tagCount = Object.keys(record.tags).length;
  return {
    'accept-ranges': 'bytes',
    'last-modified': new Date(record.lastModified).toUTCString(),
    etag: `"${record.etag}"`,
    ...record.headers,
    ...Object.fromEntries(metadata),
    ...versionHeader(record),
    ...(tagCount > 0 && { 'x-amz-tagging-count': String(tagCount) }),
    ...(record.storageClass !== 'STANDARD' && { 'x-amz-storage-class': record.storageClass }),
    ...ENCRYPTION_HEADER,
  };
}

export const ENCRYPTION_HEADER = { 'x-amz-server-side-encryption': 'AES256' } as const;

/** The version id, where the bucket has versions; the version `null` is sent only to a request that names it. */
export const versionHeader = ({ versionId }: { readonly versionId: string }): Record<string, string> =>
  versionId === 'null' ? {} : { 'x-amz-version-id': versionId };

export const checksumHeaders = (checksum: StoredChecksum | undefined): Record<string, string> =>
  checksum ? { [checksumHeader(checksum.algorithm)]: checksum.value, 'x-amz-checksum-type': checksum.type } : {};
