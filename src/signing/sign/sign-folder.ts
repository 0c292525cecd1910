import { encodeObjectKey } from '../encoding/encode-object-key';
import { EdgepassError } from '../errors';
import { grantResource, type PolicyOptions } from './grant';
import { type SigningIdentity, signPolicy } from './sign-policy';
import { checkSignedLength, toFolderUrl } from './signable-url';
import { signedQuery } from './signed-query';

/** Every object whose key begins with a prefix. End it with `/`, or `videos` grants `videos-secret` too. */
export interface FolderLocation {
  /** `https://d111111abcdef8.cloudfront.net`, or an alternate domain name of the distribution. */
  readonly distributionUrl: string;
  /** The beginning of the S3 object keys, not encoded; empty for all. */
  readonly prefix: string;
}

/** One signature for a folder: each URL costs a string, and every one of them opens the whole folder. */
export interface SignedFolder {
  /** The policy's `Resource`. */
  readonly resource: string;
  /** The URL of an object of the folder, by its whole key. */
  signUrl(key: string): string;
  signUrls(keys: Iterable<string>): string[];
}

export const isFolder = (input: unknown): input is FolderLocation =>
  typeof input === 'object' && input !== null && 'prefix' in input;

export const toFolderResource = ({ distributionUrl, prefix }: FolderLocation): string =>
  `${toFolderUrl(distributionUrl, prefix)}*`;

export function signFolderWith(
  folder: FolderLocation,
  options: PolicyOptions,
  identity: SigningIdentity,
): SignedFolder {
  const resource = toFolderResource(folder);
  const grant = grantResource(resource, options);
  const query = `?${signedQuery(grant, signPolicy(grant.policy, identity), identity)}`;
  const root = toFolderUrl(folder.distributionUrl, '');
  const prefix = resource.slice(root.length, -1);

  function signUrl(key: string): string {
    const path = encodeObjectKey(key);
    if (!path.startsWith(prefix)) throw outside();
    return checkSignedLength(root + path + query);
  }
  return { resource, signUrl, signUrls: (keys) => Array.from(keys, signUrl) };
}

const outside = (): EdgepassError =>
  new EdgepassError(
    'ERR_OBJECT_KEY_OUTSIDE_FOLDER',
    'The key does not begin with the prefix of the folder, or has "." or ".." segments',
  );
