import { matchesWildcard } from '../../local/wildcard';
import type { TestLink } from './deployed-system';
import { sendRawRequest } from './raw-request';

export interface LinkSource {
  /** Ends with a slash. */
  readonly apiUrl: string;
  /** Undefined where the stack has none. */
  readonly apiKey: string | undefined;
  /** A JSON Web Token, for an API that takes them. */
  readonly token: string | undefined;
  /** Patterns of files that open without a signature. */
  readonly publicPaths: readonly string[];
  readonly ca?: string | undefined;
}

const LIFETIME_SECONDS = 60;

/** Has the API sign a link to the first file there is, and asks for its first byte: as it is, altered, and unsigned. Nothing is written. */
export async function tryLink(source: LinkSource): Promise<TestLink> {
  const link = await signLink(source, await findFile(source));
  const status = async (url: string) => {
    const { status, headers } = await sendRawRequest(url, { headers: { range: 'bytes=0-0' }, ca: source.ca });
    return { status, server: String(headers.server ?? '') || null };
  };
  return {
    signed: await status(link),
    tampered: await status(alterSignature(link)),
    unsigned: await status(link.replace(/\?.*$/s, '')),
  };
}

async function findFile(source: LinkSource): Promise<string> {
  const { status, text } = await callApi(source, 's3objects?limit=100');
  if (status === 401 || status === 403)
    throw new Error(`the API does not let the doctor in: ${describe(status, text)}. ${HINT}`);
  if (status !== 200) throw new Error(`the API does not list files: ${describe(status, text)}`);
  const files = JSON.parse(text) as readonly { readonly Key: string; readonly Size: number }[];
  const open = source.publicPaths.map((pattern) => pattern.replace(/^\//, ''));
  // An empty file has no first byte.
  const file = files.find(({ Key, Size }) => Size > 0 && !open.some((pattern) => matchesWildcard(pattern, Key)));
  if (file) return file.Key;
  throw new Error('there is no file to make a test link of: put one into the bucket, and run this again');
}

async function signLink(source: LinkSource, file: string): Promise<string> {
  const { status, text } = await callApi(source, 'urls', JSON.stringify({ file, expiresIn: LIFETIME_SECONDS }));
  if (status !== 201) throw new Error(`the API does not sign: ${describe(status, text)}`);
  return (JSON.parse(text) as { readonly signedUrl: string }).signedUrl;
}

const HINT =
  'Where it takes tokens, set EDGEPASS_TOKEN to one with the scopes "list sign"; where IAM decides, the doctor cannot ask it';

function callApi({ apiUrl, apiKey, token, ca }: LinkSource, path: string, body?: string) {
  const headers = {
    'content-type': 'application/json',
    ...(apiKey !== undefined && { 'x-api-key': apiKey }),
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
  return sendRawRequest(`${apiUrl}${path}`, { headers, ca, ...(body !== undefined && { method: 'POST', body }) });
}

/** The status and the problem's code; what an API says beyond may hold names of files. */
function describe(status: number, text: string): string {
  const code = text.match(/"code":\s*"(\w+)"/)?.[1];
  return code ? `${status} ${code}` : String(status);
}

/** Another signature of the same length: one of its characters, well inside, is another. */
const alterSignature = (link: string): string =>
  link.replace(/([?&]Signature=.{20})(.)/s, (_all, before: string, one: string) => before + (one === 'A' ? 'B' : 'A'));

/** How far this machine's clock is ahead, in milliseconds. A `Date` header tells the second that has begun, so half a second is added. */
export async function readClock(url: string, now: () => Date, ca?: string): Promise<number> {
  const before = now().getTime();
  const { headers } = await sendRawRequest(url, { method: 'HEAD', ca });
  const date = Date.parse(headers.date ?? '');
  if (Number.isNaN(date)) throw new Error('the answer has no date');
  return (before + now().getTime()) / 2 - (date + 500);
}
