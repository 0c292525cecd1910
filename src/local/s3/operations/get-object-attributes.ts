import type { Xml } from '../../xml';
import { versionHeader } from '../headers/object-headers';
import type { ObjectRequest, S3Context, S3Response } from '../request-context';
import { S3Error } from '../s3-error';
import { xmlDocument } from '../s3-xml';
import type { ObjectRecord } from '../store/object-record';
import { actionOnVersion } from './action';
import { checksumElements } from './checksum-elements';
import { findReadable } from './find-readable';

const ATTRIBUTES: Readonly<Record<string, (record: ObjectRecord, request: ObjectRequest) => Record<string, Xml>>> = {
  ETag: ({ etag }) => ({ ETag: etag }),
  Checksum: ({ checksum }) => (checksum ? { Checksum: checksumElements(checksum) } : {}),
  ObjectParts: partsOf,
  StorageClass: ({ storageClass }) => ({ StorageClass: storageClass }),
  ObjectSize: ({ size }) => ({ ObjectSize: size }),
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAttributes.html */
export function getObjectAttributes(request: ObjectRequest, context: S3Context): S3Response {
  const { headers, query } = request;
  const record = findReadable(request, actionOnVersion('s3:GetObject', query.get('versionId')), context);
  const requestedAttributes = String(headers['x-amz-object-attributes'] ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const unknown = requestedAttributes.find((name) => !Object.hasOwn(ATTRIBUTES, name));
  if (requestedAttributes.length === 0 || unknown !== undefined)
    throw new S3Error('InvalidArgument', 'Invalid attribute name specified.');
  const content = Object.entries(ATTRIBUTES)
    .filter(([name]) => requestedAttributes.includes(name))
    .map(([, describe]) => describe(record, request));
  return {
    status: 200,
    headers: { ...versionHeader(record), 'last-modified': new Date(record.lastModified).toUTCString() },
    body: xmlDocument('GetObjectAttributesResponse', Object.assign({}, ...content)),
  };
}

function partsOf({ pieces, checksum, etag }: ObjectRecord, { headers }: ObjectRequest): Record<string, Xml> {
  if (!etag.includes('-')) return {};
  const most = Math.min(Number(headers['x-amz-max-parts'] ?? 1000), 1000);
  const marker = Number(headers['x-amz-part-number-marker'] ?? 0);
  const rest = pieces.filter(({ number }) => number > marker);
  const page = rest.slice(0, most);
  return {
    ObjectParts: {
      // S3 lists the parts only when each has a checksum. Source: GetObjectAttributes, "Part".
      Part: checksum
        ? page.map((piece) => ({
            PartNumber: piece.number,
            Size: piece.size,
            [`Checksum${checksum.algorithm}`]: piece.checksum,
          }))
        : [],
      // The API calls it TotalPartsCount, its XML PartsCount.
      PartsCount: pieces.length,
      PartNumberMarker: marker,
      NextPartNumberMarker: page.at(-1)?.number ?? marker,
      MaxParts: most,
      IsTruncated: rest.length > page.length,
    },
  };
}
