import { createHash } from 'node:crypto';
import type { ListObjectsQuery } from '../../api/bodies';
import { RequestProblem } from '../http/api-handler';

/** Where a listing goes on. */
export interface Position {
  /** S3's continuation token of the page that is read next. @default - the first page */
  readonly token?: string;
  /** The last key or prefix of that page that has been answered already. */
  readonly after?: string;
}

/** Opaque to callers. It holds good for the prefix, delimiter and search it was made for alone. */
export const toCursor = (position: Position, query: ListObjectsQuery): string =>
  Buffer.from(JSON.stringify([digest(query), position.token ?? null, position.after ?? null])).toString('base64url');

export function readCursor(query: ListObjectsQuery): Position {
  if (query.cursor === undefined) return {};
  const [made, token, after] = parse(query.cursor);
  const isPlace = (value: unknown): boolean => value === null || typeof value === 'string';
  if (typeof made !== 'string' || !isPlace(token) || !isPlace(after)) throw invalidCursor('This is no cursor');
  if (made !== digest(query)) throw invalidCursor('This cursor is of another prefix, delimiter or search');
  return {
    ...(typeof token === 'string' && { token }),
    ...(typeof after === 'string' && { after }),
  };
}

export const invalidCursor = (what: string): RequestProblem =>
  new RequestProblem(
    'ERR_INVALID_CURSOR',
    `${what}: send the X-Next-Cursor of the page before, with the same query, or start again without one.`,
    'cursor',
  );

function parse(cursor: string): unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

const digest = ({ prefix = '', delimiter, search }: ListObjectsQuery): string =>
  createHash('sha256')
    .update(JSON.stringify([prefix, delimiter ?? null, search ?? null]))
    .digest('base64url')
    .slice(0, 8);
