import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import type { BusboyHeaders } from '@fastify/busboy';
import { encodeSegment } from '../../../object-key/encode-object-key';
import { requirePackage } from '../../../packages/load-package';
import { LARGEST_BODY, receiveFile } from '../body/receive-body';
import { checkFormPolicy, type FormFields } from '../form/post-policy';
import { describeObject, ENCRYPTION_HEADER, versionHeader } from '../headers/object-headers';
import { requireWritePermission } from '../headers/policy-conditions';
import { readTagsXml } from '../headers/tags';
import type { ObjectRequest, S3Context, S3Response } from '../request-context';
import { S3Error } from '../s3-error';
import { checkKey } from '../s3-request';
import { xmlDocument } from '../s3-xml';
import { type ObjectDraft, wholeSecond } from '../store/object-record';

/** What a form writes where the name of the file is to stand. */
const FILE_NAME = /\$\{filename\}/g;

/** A browser's form: its fields, and the file that comes behind them. Names are in lower case. */
export interface Form {
  readonly fields: FormFields;
  readonly fileName: string;
  readonly file: Readable;
}

/** 20 KB. Source: Amazon S3 User Guide, "Browser-based uploads using POST". */
const LARGEST_FIELDS = 20 * 1024;
const FILE_HEADERS =
  /^(?:x-amz-(?!signature|algorithm|credential|date|security-token)|content-|cache-control$|expires$)/;

const loadBusboy = () => require('@fastify/busboy') as typeof import('@fastify/busboy');

/** Reads a form up to its file; fields behind the file are ignored, as S3 does. */
export function readForm(headers: IncomingHttpHeaders, body: Readable): Promise<Form> {
  return new Promise((resolve, reject) => {
    const fields = new Map<string, string>();
    const malformed = (message?: string): void => reject(new S3Error('MalformedPOSTRequest', message));
    const { Busboy } = requirePackage('@fastify/busboy', loadBusboy);
    let parser: InstanceType<typeof Busboy>;
    try {
      parser = new Busboy({
        headers: headers as BusboyHeaders,
        limits: { fieldSize: LARGEST_FIELDS },
        isPartAFile: (name) => name?.toLowerCase() === 'file',
      });
    } catch {
      return malformed();
    }
    parser.on('field', (name, value, _nameTruncated, valueTruncated) => {
      if (valueTruncated) malformed(`The field ${name} is larger than ${LARGEST_FIELDS} bytes.`);
      fields.set(name.toLowerCase(), value);
    });
    // S3 tells the file by its name; some clients give every field a file name.
    parser.on('file', (_name, file, fileName) => resolve({ fields, fileName: fileName ?? '', file }));
    parser.on('finish', () => malformed('POST requires exactly one file upload per request.'));
    parser.on('error', () => malformed());
    body.on('error', () => malformed());
    body.pipe(parser);
  });
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html, for a form whose signature held. */
export async function postObject(
  request: Omit<ObjectRequest, 'key'>,
  { fields, fileName, file }: Form,
  context: S3Context,
): Promise<S3Response> {
  const { bucket } = request;
  const { store } = context;
  const named = fields.get('key');
  if (!named)
    throw new S3Error('InvalidArgument', "Bucket POST must contain a field named 'key'.", { ArgumentName: 'key' });
  const key = checkKey(named.replaceAll(FILE_NAME, () => fileName));
  const policy = checkFormPolicy(
    fields.get('policy') ?? '',
    new Map(fields).set('bucket', bucket),
    context.now(),
    LARGEST_BODY,
  );
  const headers = headersOf(fields);
  const tagging = fields.get('tagging');
  const described = { ...describeObject(headers), ...(tagging !== undefined && { tags: readTagsXml(tagging) }) };
  requireWritePermission({ ...request, key }, 's3:PutObject', described.tags, context);
  const { blob, size, md5, checksum } = await receiveFile(file, headers, policy.size, store.blobs);
  const draft: ObjectDraft = {
    ...described,
    pieces: [{ blob, size, number: 1 }],
    size,
    etag: md5,
    lastModified: wholeSecond(context.now()),
    checksum: checksum && { ...checksum, type: 'FULL_OBJECT' },
  };
  const record = await store.put(bucket, key, draft);
  return answer(fields, { bucket, key, etag: `"${md5}"`, host: request.headers.host ?? '' }, versionHeader(record));
}

function headersOf(fields: FormFields): IncomingHttpHeaders {
  const headers = Object.fromEntries([...fields].filter(([name]) => FILE_HEADERS.test(name)));
  const acl = fields.get('acl');
  return { ...headers, ...(acl !== undefined && { 'x-amz-acl': acl }) };
}

interface Posted {
  readonly bucket: string;
  readonly key: string;
  readonly etag: string;
  readonly host: string;
}

/** A form asks for a redirect, or for the status 200, 201 or 204; anything else is 204. */
function answer(fields: FormFields, { bucket, key, etag, host }: Posted, version: Record<string, string>): S3Response {
  const location = `http://${host}/${bucket}/${encodeSegment(key)}`;
  const headers = { etag, location, ...ENCRYPTION_HEADER, ...version };
  const redirect = fields.get('success_action_redirect') ?? fields.get('redirect');
  if (redirect !== undefined && URL.canParse(redirect)) {
    const target = new URL(redirect);
    for (const [name, value] of Object.entries({ bucket, key, etag })) target.searchParams.set(name, value);
    return { status: 303, headers: { ...headers, location: target.href } };
  }
  const status = fields.get('success_action_status');
  if (status !== '201') return { status: status === '200' ? 200 : 204, headers };
  return {
    status: 201,
    headers,
    body: xmlDocument('PostResponse', { Location: location, Bucket: bucket, Key: key, ETag: etag }),
  };
}
