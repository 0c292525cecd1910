import { elementsOf, textOf } from '../../xml';
import { S3Error } from '../s3-error';

export type Tags = Readonly<Record<string, string>>;

/** Source: Amazon S3 User Guide, "Categorizing your objects using tags". */
const MOST_TAGS = 10;
const LONGEST_KEY = 128;
const LONGEST_VALUE = 256;

/** `x-amz-tagging`: a query string. */
export function readTagsHeader(header = ''): Tags {
  const pairs = [...new URLSearchParams(header)];
  return checkTags(pairs);
}

/** The document of PutObjectTagging. */
export function readTagsXml(xml: string): Tags {
  const [set] = elementsOf(xml, 'TagSet');
  if (set === undefined) throw new S3Error('MalformedXML');
  return checkTags(
    elementsOf(set, 'Tag').map((tag) => {
      const [key, value] = [textOf(tag, 'Key'), textOf(tag, 'Value')];
      if (key === undefined || value === undefined) throw new S3Error('MalformedXML');
      return [key, value] as const;
    }),
  );
}

function checkTags(pairs: readonly (readonly [string, string])[]): Tags {
  if (pairs.length > MOST_TAGS) throw new S3Error('BadRequest', 'Object tags cannot be greater than 10');
  const tags: Record<string, string> = Object.create(null);
  for (const [key, value] of pairs) {
    if (key === '' || key.length > LONGEST_KEY)
      throw new S3Error('InvalidTag', 'The TagKey you have provided is invalid', { TagKey: key });
    if (value.length > LONGEST_VALUE)
      throw new S3Error('InvalidTag', 'The TagValue you have provided is invalid', { TagValue: value });
    if (key in tags) throw new S3Error('InvalidTag', 'Cannot provide multiple Tags with the same key', { TagKey: key });
    tags[key] = value;
  }
  return Object.fromEntries(Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1)));
}
