import { AwsCallError, callAws, ignoreCode, isCode } from '../aws/call-aws';
import { textOf } from '../aws/s3-xml';

/** A public key as CloudFront lists it. */
export interface ListedPublicKey {
  readonly keyPairId: string;
  readonly name: string;
  /** PEM. */
  readonly publicKey: string;
}

interface CloudFrontResponse {
  readonly etag: string;
  readonly body: string;
}

const NAMESPACE = 'http://cloudfront.amazonaws.com/doc/2020-05-31/';

/** How often a call is made while CloudFront throttles, and how often an update is tried while somebody else changes the same group. */
const ATTEMPTS = 5;

/** Control-plane calls take seconds at times. */
const TIMEOUT_MS = 15_000;

/** One call of CloudFront's API. It is global: its signatures are for us-east-1. @throws AwsCallError with CloudFront's code */
async function callCloudFront(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: string,
  etag?: string,
): Promise<CloudFrontResponse> {
  const {
    status,
    headers,
    body: responseBody,
  } = await callAws({
    service: 'cloudfront',
    region: 'us-east-1',
    method,
    host: 'cloudfront.amazonaws.com',
    path: `/2020-05-31${path}`,
    headers: {
      ...(body !== undefined && { 'Content-Type': 'text/xml' }),
      ...(etag !== undefined && { 'If-Match': etag }),
    },
    timeoutMs: TIMEOUT_MS,
    attempts: ATTEMPTS,
    ...(body !== undefined && { body }),
  });
  if (status < 300) return { body: responseBody, etag: String(headers.etag ?? '') };
  const code = textOf(responseBody, 'Code') ?? 'Unknown';
  throw new AwsCallError('cloudfront', code, status, `${code}: ${textOf(responseBody, 'Message') ?? status}`);
}

/** @param name Unique in the account. @returns The key pair id. */
export async function createPublicKey(name: string, publicKey: string, comment: string): Promise<string> {
  const config = `<PublicKeyConfig xmlns="${NAMESPACE}"><CallerReference>${name}</CallerReference><Name>${name}</Name><EncodedKey>${publicKey}</EncodedKey><Comment>${comment}</Comment></PublicKeyConfig>`;
  try {
    return idOf((await callCloudFront('POST', '/public-key', config)).body);
  } catch (error) {
    // The response to the first of two attempts was lost.
    const ours = isCode(error, 'PublicKeyAlreadyExists') ? await findPublicKey(name) : undefined;
    if (ours?.publicKey.trim() === publicKey.trim()) return ours.keyPairId;
    throw error;
  }
}

/** Lists the public keys whose names begin with the prefix. */
export async function listPublicKeys(prefix: string): Promise<ListedPublicKey[]> {
  const found: ListedPublicKey[] = [];
  for (const body of await listPages('/public-key')) {
    for (const [, summary = ''] of body.matchAll(/<PublicKeySummary>(.*?)<\/PublicKeySummary>/gs)) {
      const name = textOf(summary, 'Name') ?? '';
      if (name.startsWith(prefix))
        found.push({ keyPairId: idOf(summary), name, publicKey: textOf(summary, 'EncodedKey') ?? '' });
    }
  }
  return found;
}

const findPublicKey = async (name: string): Promise<ListedPublicKey | undefined> =>
  (await listPublicKeys(name)).find((key) => key.name === name);

/** Finds a public key by its id, also while lists do not have it yet. */
export async function getPublicKey(keyPairId: string): Promise<ListedPublicKey | undefined> {
  const found = await callCloudFront('GET', `/public-key/${keyPairId}`).catch(ignoreCode('NoSuchPublicKey'));
  if (!found) return undefined;
  const { body } = found;
  return { keyPairId, name: textOf(body, 'Name') ?? '', publicKey: textOf(body, 'EncodedKey') ?? '' };
}

/** Deletes a public key that may not exist. @throws AwsCallError `PublicKeyInUse` while a key group has it */
export async function deletePublicKey(keyPairId: string): Promise<void> {
  await deleteWithEtag(`/public-key/${keyPairId}`).catch(ignoreCode('NoSuchPublicKey'));
}

/** @returns The key group's id. */
export async function createKeyGroup(name: string, keyPairIds: readonly string[], comment: string): Promise<string> {
  const config = keyGroupConfig(name, keyPairIds, comment);
  try {
    return idOf((await callCloudFront('POST', '/key-group', config)).body);
  } catch (error) {
    // The response to the first of two attempts was lost.
    const ours = isCode(error, 'KeyGroupAlreadyExists') ? await findKeyGroup(name) : undefined;
    if (ours !== undefined) return ours;
    throw error;
  }
}

/** True when the key group exists, also while lists do not have it yet. */
export const keyGroupExists = async (id: string): Promise<boolean> =>
  (await callCloudFront('GET', `/key-group/${id}`).catch(ignoreCode('NoSuchResource'))) !== undefined;

export async function findKeyGroup(name: string): Promise<string | undefined> {
  for (const body of await listPages('/key-group')) {
    for (const [, summary = ''] of body.matchAll(/<KeyGroupSummary>(.*?)<\/KeyGroupSummary>/gs))
      if (textOf(summary, 'Name') === name) return idOf(summary);
  }
  return undefined;
}

/** Updates the group where its keys change. @param change Returns the wanted ids for those that it has. @returns The ids that it has then. */
export async function updateKeyGroup(
  id: string,
  change: (keyPairIds: readonly string[]) => readonly string[],
): Promise<readonly string[]> {
  for (let attempt = 1; ; attempt += 1) {
    const { body, etag } = await callCloudFront('GET', `/key-group/${id}`);
    const before = [...body.matchAll(/<PublicKey>(.*?)<\/PublicKey>/gs)].map(([, keyPairId = '']) => keyPairId);
    const wanted = change(before);
    if (wanted.length === before.length && wanted.every((one) => before.includes(one))) return before;
    const config = keyGroupConfig(textOf(body, 'Name') ?? '', wanted, textOf(body, 'Comment') ?? '');
    try {
      await callCloudFront('PUT', `/key-group/${id}`, config, etag);
      return wanted;
    } catch (error) {
      const isConflict = isCode(error, 'PreconditionFailed') || isCode(error, 'InvalidIfMatchVersion');
      if (attempt === ATTEMPTS || !isConflict) throw error;
    }
  }
}

/** Deletes a key group that may not exist. @throws AwsCallError `ResourceInUse` while a distribution trusts it */
export async function deleteKeyGroup(id: string): Promise<void> {
  await deleteWithEtag(`/key-group/${id}`).catch(ignoreCode('NoSuchResource'));
}

async function deleteWithEtag(path: string): Promise<void> {
  const { etag } = await callCloudFront('GET', path);
  await callCloudFront('DELETE', path, undefined, etag);
}

async function listPages(path: string): Promise<string[]> {
  const bodies: string[] = [];
  let marker: string | undefined;
  do {
    const query: string = marker === undefined ? '' : `?Marker=${encodeURIComponent(marker)}`;
    const { body } = await callCloudFront('GET', path + query);
    bodies.push(body);
    marker = textOf(body, 'NextMarker');
  } while (marker);
  return bodies;
}

const keyGroupConfig = (name: string, keyPairIds: readonly string[], comment: string): string =>
  `<KeyGroupConfig xmlns="${NAMESPACE}"><Name>${escapeXml(name)}</Name><Items>${keyPairIds
    .map((id) => `<PublicKey>${id}</PublicKey>`)
    .join('')}</Items><Comment>${escapeXml(comment)}</Comment></KeyGroupConfig>`;

/** Needed for the comment, which anybody can edit. */
const escapeXml = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

const idOf = (xml: string): string => textOf(xml, 'Id') ?? '';
