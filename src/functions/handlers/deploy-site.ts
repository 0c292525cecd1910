import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { callAws } from '../aws/call-aws';
import { respondToCloudFormation } from '../aws/custom-resource-response';
import { variable } from '../aws/environment';
import { callS3, s3Error } from '../aws/s3';
import { readListing } from '../aws/s3-xml';

/** An object of `site.json`, which the stack puts beside this function; its file is in `site/`. */
interface SiteObject {
  readonly key: string;
  readonly path: string;
  readonly contentType: string;
  readonly cacheControl: string;
}

interface Site {
  readonly digest: string;
  readonly objects: readonly SiteObject[];
}

/** Calls to S3 at a time. */
const CONCURRENCY = 8;
/** How long S3 may be silent while it takes a file in. */
const UPLOAD_TIMEOUT_MS = 30_000;

/**
 * The custom resource that owns the files of the site: after Create and Update the bucket has exactly those that this function's code carries, after
 * Delete none. An event may come twice, or late: one about another site than the code's changes nothing, and fails.
 */
export async function handler(event: CloudFormationCustomResourceEvent): Promise<void> {
  await respondToCloudFormation(event, async () => {
    if (event.RequestType === 'Delete') {
      await remove(await listKeys());
      return { physicalResourceId: event.PhysicalResourceId, data: {} };
    }
    await deploy(readSite(String(event.ResourceProperties.Digest)));
    // Of the bucket, so that a change of the files is an update, never a new resource and the deletion of the old.
    return { physicalResourceId: `${variable('BUCKET_NAME')}/_app/`, data: {} };
  });
}

const taskPath = (...path: string[]): string => join(process.env.LAMBDA_TASK_ROOT ?? __dirname, ...path);

function readSite(digest: string): Site {
  const site: Site = JSON.parse(readFileSync(taskPath('site.json'), 'utf8'));
  if (site.digest !== digest)
    throw new Error(
      `the event is about the site ${digest}, and this function has ${site.digest}: deploy the stack again`,
    );
  return site;
}

/**
 * Whoever gets the new page finds all of its files, and until it is there the old page has its own. After that, who still has the old one open finds
 * what browsers and edges have kept, which with names that have a digest is for ever.
 */
async function deploy({ objects }: Site): Promise<void> {
  const isPage = ({ contentType }: SiteObject): boolean => contentType.startsWith('text/html');
  await forEach(
    objects.filter((object) => !isPage(object)),
    put,
  );
  await forEach(objects.filter(isPage), put);
  const wanted = new Set(objects.map(({ key }) => key));
  await remove((await listKeys()).filter((key) => !wanted.has(key)));
}

async function put({ key, path, contentType, cacheControl }: SiteObject): Promise<void> {
  const response = await callS3(key, '', {
    method: 'PUT',
    headers: { 'Content-Type': contentType, 'Cache-Control': cacheControl },
    body: readFileSync(taskPath('site', path)),
    timeoutMs: UPLOAD_TIMEOUT_MS,
  });
  if (response.status !== 200) throw s3Error(response);
}

async function remove(keys: readonly string[]): Promise<void> {
  await forEach(keys, async (key) => {
    const response = await callS3(key, '', { method: 'DELETE' });
    if (response.status !== 204) throw s3Error(response);
  });
}

async function listKeys(): Promise<string[]> {
  const { AWS_REGION } = process.env;
  const keys: string[] = [];
  let token: string | undefined;
  do {
    const from = token === undefined ? '' : `continuation-token=${encodeURIComponent(token)}&`;
    const path = `/${variable('BUCKET_NAME')}?${from}encoding-type=url&list-type=2`;
    const response = await callAws({ service: 's3', method: 'GET', host: `s3.${AWS_REGION}.amazonaws.com`, path });
    if (response.status !== 200) throw s3Error(response);
    const { objects, nextToken } = readListing(response.body);
    keys.push(...objects.map(({ Key }) => Key));
    token = nextToken;
  } while (token !== undefined);
  return keys;
}

/** After a failure nothing more is begun; what is under way ends first. */
async function forEach<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = [...items];
  const worker = async (): Promise<void> => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) {
      await work(item).catch((error: unknown) => {
        rest.length = 0;
        throw error;
      });
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: CONCURRENCY }, worker));
  const failed = ended.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}
