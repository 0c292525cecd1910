import { describe, expect, it } from 'vitest';
import { readListing, textOf } from './s3-xml';

const contents = (key: string): string =>
  `<Contents><Key>${key}</Key><LastModified>2026-01-02T03:04:05.000Z</LastModified><ETag>&quot;5472b570c2e878e3adc891451b8d21d9&quot;</ETag><Size>24</Size><StorageClass>STANDARD</StorageClass></Contents>`;
const listing = (inner: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name>${inner}</ListBucketResult>`;

describe('a listing', () => {
  it('has every object with its five fields', () => {
    expect(readListing(listing(contents('a.txt') + contents('b.txt')))).toEqual({
      objects: ['a.txt', 'b.txt'].map((Key) => ({
        ETag: '"5472b570c2e878e3adc891451b8d21d9"',
        Key,
        LastModified: '2026-01-02T03:04:05.000Z',
        Size: 24,
        StorageClass: 'STANDARD',
      })),
      folders: [],
      nextToken: undefined,
    });
  });

  it('is empty for an empty bucket', () => {
    expect(readListing(listing('<KeyCount>0</KeyCount>'))).toEqual({ objects: [], folders: [], nextToken: undefined });
  });

  it.each([
    ['a+b', 'a b'],
    ['a%2Bb', 'a+b'],
    ['a%2520b', 'a%20b'],
    ['%3CKey%3E', '<Key>'],
    ['%E6%97%A5%E6%9C%AC', '日本'],
    ['a%0Ab', 'a\nb'],
  ])('reads the key %s, URL-encoded, as %j', (encoded, key) => {
    expect(readListing(listing(contents(encoded))).objects[0]?.Key).toBe(key);
  });

  it('has the folders that a delimiter rolled up', () => {
    const folder = (prefix: string): string => `<CommonPrefixes><Prefix>${prefix}</Prefix></CommonPrefixes>`;
    const page = readListing(listing(`<Prefix>x</Prefix>${contents('c')}${folder('a+b/')}${folder('b%2F/')}`));
    expect(page.folders).toEqual([{ Prefix: 'a b/' }, { Prefix: 'b//' }]);
    expect(page.objects.map(({ Key }) => Key)).toEqual(['c']);
  });

  it('leads to the next page', () => {
    const more = '<IsTruncated>true</IsTruncated><NextContinuationToken>1a&amp;b/c==</NextContinuationToken>';
    expect(readListing(listing(more)).nextToken).toBe('1a&b/c==');
  });
});

describe('the text of an element', () => {
  it.each([
    ['&lt;a&gt; &amp;amp; &#65;&#x1F511;&apos;', "<a> &amp; A🔑'"],
    ['&unknown;', '&unknown;'],
    ['two\nlines', 'two\nlines'],
    ['', ''],
  ])('of %j is %j', (xml, text) => {
    expect(textOf(`<Error><Message>${xml}</Message></Error>`, 'Message')).toBe(text);
  });

  it('is undefined where there is none', () => {
    expect(textOf('<Error/>', 'Message')).toBeUndefined();
  });
});
