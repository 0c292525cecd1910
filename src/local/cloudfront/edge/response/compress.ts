import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { CachePolicy } from '../../policies/cache-policy';
import type { AnswerHeaders } from './answers';

export type ContentCoding = 'br' | 'gzip';

/** Source: CloudFront Developer Guide, "Serve compressed files": sizes, statuses and content types. */
const SMALLEST = 1_000;
const LARGEST = 10_000_000;
const STATUSES = [200, 403, 404];
const TYPES: ReadonlySet<string> = new Set([
  'application/dash+xml',
  'application/eot',
  'application/font',
  'application/font-sfnt',
  'application/javascript',
  'application/json',
  'application/opentype',
  'application/otf',
  'application/pdf',
  'application/pkcs7-mime',
  'application/protobuf',
  'application/rss+xml',
  'application/truetype',
  'application/ttf',
  'application/vnd.apple.mpegurl',
  'application/vnd.mapbox-vector-tile',
  'application/vnd.ms-fontobject',
  'application/wasm',
  'application/xhtml+xml',
  'application/xml',
  'application/x-font-opentype',
  'application/x-font-truetype',
  'application/x-font-ttf',
  'application/x-httpd-cgi',
  'application/x-javascript',
  'application/x-mpegurl',
  'application/x-opentype',
  'application/x-otf',
  'application/x-perl',
  'application/x-ttf',
  'font/eot',
  'font/opentype',
  'font/otf',
  'font/ttf',
  'image/svg+xml',
  'text/css',
  'text/csv',
  'text/html',
  'text/javascript',
  'text/js',
  'text/plain',
  'text/richtext',
  'text/tab-separated-values',
  'text/x-component',
  'text/x-java-source',
  'text/x-script',
  'vnd.apple.mpegurl',
  'text/xml',
]);

/** What the viewer accepts, reduced to what the cache tells apart: Brotli is preferred. */
export function acceptedCoding(header: string | undefined, policy: CachePolicy): ContentCoding | undefined {
  if (header === undefined) return undefined;
  const accepted = new Set(
    header
      .toLowerCase()
      .split(',')
      .filter((item) => !/;\s*q=0(?:\.0*)?\s*$/.test(item))
      .map((item) => item.split(';')[0]?.trim()),
  );
  if (policy.brotli && accepted.has('br')) return 'br';
  return policy.gzip && (accepted.has('gzip') || accepted.has('*')) ? 'gzip' : undefined;
}

export function isCompressible(status: number, headers: AnswerHeaders, size: number): boolean {
  const type =
    String(headers['content-type'] ?? '')
      .split(';')[0]
      ?.trim()
      .toLowerCase() ?? '';
  const isRightSize = size >= SMALLEST && size <= LARGEST;
  return isRightSize && STATUSES.includes(status) && TYPES.has(type) && headers['content-encoding'] === undefined;
}

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);

/** At a level that suits doing it once a cached object. */
export const compress = (coding: ContentCoding, bytes: Buffer): Promise<Buffer> =>
  coding === 'br' ? brotli(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }) : zip(bytes, { level: 6 });
