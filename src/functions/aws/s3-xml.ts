import type { ListedFolder, ListedObject } from '../../api/bodies';

/** Reads the two shapes of S3's XML that the functions meet, without a parser: S3 writes them, elements never nest in text. */

export interface S3Page {
  readonly objects: ListedObject[];
  /** The prefixes that a delimiter rolled up. */
  readonly folders: ListedFolder[];
  readonly nextToken: string | undefined;
}

/** Reads the response to ListObjectsV2 with `encoding-type=url`. */
export function readListing(xml: string): S3Page {
  const objects = [...xml.matchAll(/<Contents>(.*?)<\/Contents>/gs)].map(([, contents = '']) => ({
    ETag: textOf(contents, 'ETag') ?? '',
    Key: decodeKey(textOf(contents, 'Key') ?? ''),
    LastModified: textOf(contents, 'LastModified') ?? '',
    Size: Number(textOf(contents, 'Size')),
    StorageClass: textOf(contents, 'StorageClass') ?? '',
  }));
  const folders = [...xml.matchAll(/<CommonPrefixes>(.*?)<\/CommonPrefixes>/gs)].map(([, prefixes = '']) => ({
    Prefix: decodeKey(textOf(prefixes, 'Prefix') ?? ''),
  }));
  return { objects, folders, nextToken: textOf(xml, 'NextContinuationToken') };
}

/** The text of the first such element, or undefined. */
export function textOf(xml: string, element: string): string | undefined {
  const text = xml.match(new RegExp(`<${element}>(.*?)</${element}>`, 's'))?.[1];
  return text?.replace(/&(#x[0-9a-f]+|#\d+|\w+);/gi, (whole, name: string) => decodeEntity(whole, name));
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decodeEntity(whole: string, name: string): string {
  if (/^#x/i.test(name)) return String.fromCodePoint(Number.parseInt(name.slice(2), 16));
  if (name.startsWith('#')) return String.fromCodePoint(Number(name.slice(1)));
  return ENTITIES[name] ?? whole;
}

/** S3's `encoding-type=url` writes a space as `+`, as forms do. */
const decodeKey = (key: string): string => decodeURIComponent(key.replaceAll('+', '%20'));
