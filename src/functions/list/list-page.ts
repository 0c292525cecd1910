import type { ListedFolder, ListedObject, ListObjectsQuery } from '../../api/bodies';
import { MOST_ITEMS } from '../../api/schemas/list-objects';
import { callAws } from '../aws/call-aws';
import { variable } from '../aws/environment';
import { bucketRegion, s3Error } from '../aws/s3';
import { readListing } from '../aws/s3-xml';
import { invalidCursor, type Position } from './cursor';

export type ListedItem = ListedObject | ListedFolder;

export interface Page {
  readonly items: ListedItem[];
  /** Undefined at the end. */
  readonly next: Position | undefined;
}

/** Pages of S3 that one search reads: 10,000 keys, well within the function's time. */
const MOST_PAGES = 10;
/** edgepass's own objects, such as share links and uploads' idempotency keys. */
const RESERVED_PREFIX = '_s/';

/** One page of the listing. A search answers what ten pages of S3 have, which may be nothing, and where to go on. */
export async function listPage(query: ListObjectsQuery, start: Position): Promise<Page> {
  const { limit = MOST_ITEMS } = query;
  const items: ListedItem[] = [];
  let position: Position | undefined = start;
  for (let read = 0; position && items.length < limit && read < MOST_PAGES; read++) {
    const { found, nextToken } = await readPage(query, position);
    const fitting = found.filter((item) => isWanted(nameOf(item), query));
    const taken = fitting.slice(0, limit - items.length);
    items.push(...taken);
    const last = taken.at(-1);
    // The rest of this page of S3 comes first next time.
    if (last && taken.length < fitting.length) position = { ...position, after: nameOf(last) };
    else position = nextToken === undefined ? undefined : { token: nextToken };
    // Without a search a page of S3 is a page of ours.
    if (query.search === undefined) break;
  }
  return { items, next: position };
}

export const nameOf = (item: ListedItem): string => ('Key' in item ? item.Key : item.Prefix);

function isWanted(name: string, { prefix = '', search }: ListObjectsQuery): boolean {
  if (name.startsWith(RESERVED_PREFIX)) return false;
  return search === undefined || name.slice(prefix.length).toLowerCase().includes(search.toLowerCase());
}

interface FoundPage {
  readonly found: ListedItem[];
  readonly nextToken: string | undefined;
}

async function readPage(query: ListObjectsQuery, { token, after }: Position): Promise<FoundPage> {
  const { prefix = '', delimiter, search, limit = MOST_ITEMS } = query;
  const parameters = new URLSearchParams({ 'list-type': '2', 'encoding-type': 'url' });
  parameters.set('max-keys', String(search === undefined ? limit : MOST_ITEMS));
  if (prefix !== '') parameters.set('prefix', prefix);
  if (delimiter !== undefined) parameters.set('delimiter', delimiter);
  if (token !== undefined) parameters.set('continuation-token', token);
  parameters.sort(); // SigV4 signs the parameters in order
  const region = bucketRegion();
  const response = await callAws({
    service: 's3',
    region,
    method: 'GET',
    host: `s3.${region}.amazonaws.com`,
    path: `/${variable('BUCKET_NAME')}?${parameters.toString().replaceAll('+', '%20')}`,
  });
  if (response.status === 400 && token !== undefined) throw invalidCursor('S3 does not know this cursor');
  if (response.status !== 200) throw s3Error(response);
  const { objects, folders, nextToken } = readListing(response.body);
  const found = inOrder(objects, folders);
  return { found: after === undefined ? found : found.filter((item) => compare(nameOf(item), after) > 0), nextToken };
}

const inOrder = (objects: ListedItem[], folders: ListedItem[]): ListedItem[] =>
  folders.length === 0 ? objects : [...objects, ...folders].sort((a, b) => compare(nameOf(a), nameOf(b)));

/** S3's order: that of the keys' bytes in UTF-8. */
const compare = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
