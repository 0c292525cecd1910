import { createHash } from 'node:crypto';
import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { Token } from 'aws-cdk-lib';
import { requirePackage } from '../../packages/load-package';
import { PropertyError } from '../base/property-error';

/** An object of the site's bucket; `SITE_MANIFEST` lists them for the function that puts them there. */
export interface SiteObject {
  readonly key: string;
  /** Of the file, in the site's folder, with slashes. */
  readonly path: string;
  readonly sha256: string;
  readonly contentType: string;
  readonly cacheControl: string;
}

export interface SiteManifest {
  /** Of all the objects: another one, another site. */
  readonly digest: string;
  /** In the order of their paths. */
  readonly objects: readonly SiteObject[];
}

/** First segment of the site's paths on the distribution, and of its objects' keys: CloudFront asks S3 for the path as it is. */
export const SITE_SEGMENT = '_app';

const INDEX = 'index.html';
/** All is part of a Lambda function's code, and is put into the bucket within one invocation. */
const LARGEST_SITE = 50 * 1024 * 1024;
const MOST_FILES = 1_000;
/** S3's limit, in bytes of UTF-8. Source: Amazon S3 User Guide, "Creating object key names". */
const LONGEST_KEY = 1024;

/** What the files of the folder are to become. @throws PropertyError when this folder cannot be a site. */
export function readSite(property: string, folder: string): SiteManifest {
  const refuse = (problem: string): never => {
    throw new PropertyError(property, problem);
  };
  if (typeof folder !== 'string' || folder === '' || Token.isUnresolved(folder))
    refuse('is no path: give the path of the folder whose files are served, as it is known at synth');
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    refuse(`is ${JSON.stringify(folder)}, which is no folder: give the path of the folder whose files are served`);
  const paths = pathsOf(folder, refuse);
  if (!paths.includes(INDEX))
    refuse(`has no ${INDEX} in ${JSON.stringify(folder)}, which the distribution shows at /${SITE_SEGMENT}/: add one`);
  if (paths.length > MOST_FILES)
    refuse(`has ${paths.length} files; a site has at most ${MOST_FILES}: leave out what is not served`);
  const bytes = paths.reduce((sum, path) => sum + statSync(join(folder, path)).size, 0);
  if (bytes > LARGEST_SITE)
    refuse(`has ${bytes} bytes; a site has at most ${LARGEST_SITE}: put large files into the bucket of the content`);
  const objects = paths.flatMap((path) => objectsOf(folder, path));
  const long = objects.find(({ key }) => Buffer.byteLength(key) > LONGEST_KEY);
  if (long) refuse(`has the file ${long.path}, whose key has more than ${LONGEST_KEY} bytes: give it a shorter name`);
  return { digest: sha256(JSON.stringify(objects)), objects };
}

/** What is hidden and what leads elsewhere is more often forgotten than meant for everybody, so it is said and not published. */
function pathsOf(folder: string, refuse: (problem: string) => never, below = ''): string[] {
  const entries = readdirSync(join(folder, below), { withFileTypes: true });
  const paths = entries.flatMap((entry: Dirent) => {
    const path = `${below}${entry.name}`;
    if (entry.name.startsWith('.'))
      refuse(`has ${path}, which begins with a dot: everybody could read it, so remove or rename it`);
    if (entry.isDirectory()) return pathsOf(folder, refuse, `${path}/`);
    return entry.isFile() ? [path] : refuse(`has ${path}, which is no file: put a copy of what it leads to there`);
  });
  return paths.sort();
}

/**
 * CloudFront's default root object is for `/` alone (source: CloudFront Developer Guide, "Specify a default root object"), and a function at the
 * edge that rewrites paths does not run in the local runtime. But to S3 `_app/` is a key as any other: the page is an object of that name too.
 */
function objectsOf(folder: string, path: string): SiteObject[] {
  const { contentType } = requirePackage('mime-types', () => require('mime-types') as typeof import('mime-types'));
  const digest = sha256(readFileSync(join(folder, path)));
  const object = {
    path,
    sha256: digest,
    contentType: contentType(extname(path)) || 'application/octet-stream',
    cacheControl: cacheControlOf(path, digest),
  };
  const key = `${SITE_SEGMENT}/${path}`;
  const keys = basename(path) === INDEX ? [key.slice(0, -INDEX.length), key] : [key];
  return keys.map((each) => ({ key: each, ...object }));
}

/**
 * A name with eight digits or more of the file's own SHA-256, `app-1f2e3d4c.js`, never stands for other bytes, so it may be kept for ever. Any other
 * is asked for again each time, which costs a 304: a page must not be a day older than its stack.
 */
function cacheControlOf(path: string, digest: string): string {
  const digests = basename(path).match(/[0-9a-f]{8,64}/g) ?? [];
  return digests.some((found) => digest.startsWith(found)) ? 'public, max-age=31536000, immutable' : 'no-cache';
}

const sha256 = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex');
