import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { ListObjectsQuery } from '../../api/bodies';
import { listObjects as row } from '../../api/calls/list-objects';
import { listObjectsQuery } from '../../api/schemas/list-objects';
import { type ApiHandler, createApiHandler, jsonResponse, RequestProblem } from '../http/api-handler';
import { requireScope } from '../http/authorize-key';
import { callerOf } from '../http/caller';
import { readQuery } from '../http/read-request';
import { readCursor, toCursor } from '../list/cursor';
import { listPage } from '../list/list-page';

/**
 * `GET /s3objects`: the bucket's objects, and with a delimiter its folders, as a JSON array in the order of their keys.
 * When there are more, `Link: <…?cursor=…>; rel="next"` and `X-Next-Cursor` lead to the next page.
 */
const listObjects: ApiHandler = async (event) => {
  const caller = callerOf(event);
  const query = readQuery(event, listObjectsQuery, ['limit']);
  checkText(query);
  requireScope(caller, 'list', query.prefix ?? '', 'prefix');
  const { items, next } = await listPage(query, readCursor(query));
  if (next === undefined) return jsonResponse(200, items);
  const cursor = toCursor(next, query);
  return jsonResponse(200, items, { Link: `<${nextPath(event, query, cursor)}>; rel="next"`, 'X-Next-Cursor': cursor });
};

export const handler: ApiHandler = createApiHandler(row, { listObjects });

function checkText(query: ListObjectsQuery): void {
  for (const name of ['prefix', 'search'] as const) {
    if (query[name]?.isWellFormed() === false) {
      throw new RequestProblem('ERR_INVALID_PARAMETER', `"${name}" has to be valid Unicode.`, name);
    }
  }
}

function nextPath({ requestContext }: APIGatewayProxyEvent, query: ListObjectsQuery, cursor: string): string {
  const parameters = Object.entries({ ...query, cursor }).map(([name, value]): [string, string] => [
    name,
    String(value),
  ]);
  return `${requestContext.path}?${new URLSearchParams(parameters)}`;
}
