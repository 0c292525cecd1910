import { AwsCallError } from '../aws/call-aws';
import { callS3 } from '../aws/s3';
import { RequestProblem } from '../http/api-handler';

/** An object key, and where the request names it. */
export interface NamedFile {
  readonly key: string;
  readonly field: string;
}

/** Enough to hide S3's round trip, without opening a connection a file. */
const IN_FLIGHT = 32;

/** @throws RequestProblem for the first file that is no object of the bucket. */
export async function requireObjects(files: readonly NamedFile[]): Promise<void> {
  for (let from = 0; from < files.length; from += IN_FLIGHT) {
    const some = files.slice(from, from + IN_FLIGHT);
    const statuses = await Promise.all(some.map(headObject));
    const missing = some[statuses.indexOf(404)];
    if (missing) throw new RequestProblem('ERR_NO_SUCH_OBJECT', 'There is no such object.', missing.field);
  }
}

async function headObject({ key }: NamedFile): Promise<number> {
  const { status } = await callS3(key, '', { method: 'HEAD' });
  if (status === 200 || status === 404) return status;
  // An answer to HEAD has no body, so S3's own words are missing.
  const code = status === 403 ? 'AccessDenied' : 'Unknown';
  throw new AwsCallError('s3', code, status, `S3 answered ${status} to the function's HeadObject`);
}
