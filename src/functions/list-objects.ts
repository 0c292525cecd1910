import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { AwsCallError, callAws } from './call-aws';
import { type Answer, httpHandler, jsonAnswer, RequestProblem } from './http-api';
import { type ListedObject, readListing, textOf } from './s3-xml';

/**
 * `GET /s3objects`: the bucket's objects as a JSON array, at most 1,000 an answer, in key order.
 * When there are more, `Link: <…?cursor=…>; rel="next"` and `X-Next-Cursor` lead to the next page.
 */
export const handler: Answer = httpHandler(async (event) => {
  const cursor = readCursor(event);
  const page = await listPage(cursor);
  return objectsAnswer(page.objects, page.nextCursor, event);
});

function readCursor(event: APIGatewayProxyEvent): string | undefined {
  const parameters = event.multiValueQueryStringParameters ?? {};
  for (const name of Object.keys(parameters)) {
    if (name !== 'cursor') {
      throw new RequestProblem('ERR_UNKNOWN_PARAMETER', `Unknown query parameter: send "cursor" or none.`, name);
    }
  }
  const values = parameters.cursor ?? [];
  if (values.length > 1 || values[0] === '') {
    throw new RequestProblem('ERR_INVALID_CURSOR', 'Send one cursor: the X-Next-Cursor of the page before.', 'cursor');
  }
  return values[0];
}

interface Page {
  readonly objects: ListedObject[];
  readonly nextCursor: string | undefined;
}

async function listPage(cursor: string | undefined): Promise<Page> {
  const bucket = process.env.BUCKET_NAME ?? '';
  const query = new URLSearchParams({ 'list-type': '2', 'encoding-type': 'url' });
  if (cursor !== undefined) query.set('continuation-token', cursor);
  query.sort(); // SigV4 signs the parameters in order
  const search = query.toString().replaceAll('+', '%20');
  const { status, body } = await callAws({
    service: 's3',
    method: 'GET',
    host: `s3.${process.env.AWS_REGION}.amazonaws.com`,
    path: `/${bucket}?${search}`,
  });
  if (status === 200) return readListing(body);
  const code = textOf(body, 'Code') ?? 'Unknown';
  if (status === 400 && cursor !== undefined) {
    throw new RequestProblem('ERR_INVALID_CURSOR', 'S3 does not know this cursor: start again without one.', 'cursor');
  }
  throw new AwsCallError('s3', code, status, textOf(body, 'Message') ?? code);
}

function objectsAnswer(
  objects: ListedObject[],
  nextCursor: string | undefined,
  event: APIGatewayProxyEvent,
): APIGatewayProxyResult {
  if (nextCursor === undefined) return jsonAnswer(200, objects);
  const next = `${event.requestContext.path}?cursor=${encodeURIComponent(nextCursor)}`;
  return jsonAnswer(200, objects, { Link: `<${next}>; rel="next"`, 'X-Next-Cursor': nextCursor });
}
