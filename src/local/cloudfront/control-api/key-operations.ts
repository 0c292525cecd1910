import { randomUUID } from 'node:crypto';
import { importPublicKey } from '../../../signing';
import type { Clock } from '../../clock';
import { textOf, textsOf, type Xml } from '../../xml';
import type { KeyGroupRecord, KeyStore, PublicKeyRecord } from '../key-store';
import { newId } from '../new-id';
import {
  CloudFrontApiError,
  type ControlCall,
  type ControlOperation,
  type ControlResponse,
  document,
} from './control-operation';

export interface KeyOperationsOptions {
  readonly keys: KeyStore;
  readonly now: Clock;
  /** Whether some behavior trusts the key group. */
  readonly isTrusted: (keyGroupId: string) => boolean;
  /** Resolves when every edge goes by the key groups as they are now. */
  readonly keyGroupsChanged: () => Promise<void>;
}

/** Source: CloudFront Developer Guide, "Quotas on key groups". */
const MAX_KEYS_IN_GROUP = 5;

const fail = (status: number, code: string, message: string): never => {
  throw new CloudFrontApiError(status, code, message);
};

/** Neither public keys nor key groups have an ARN. Source: Service Authorization Reference, "Actions defined by Amazon CloudFront". */
const resource = (): string => '*';

export function keyOperations({ keys, now, isTrusted, keyGroupsChanged }: KeyOperationsOptions): ControlOperation[] {
  const publicKey = (id: string): PublicKeyRecord =>
    keys.publicKeys.get(id) ?? fail(404, 'NoSuchPublicKey', 'The specified public key does not exist.');
  const keyGroup = (id: string): KeyGroupRecord =>
    keys.keyGroups.get(id) ?? fail(404, 'NoSuchResource', 'A resource that was specified is not valid.');

  function createPublicKey({ body }: ControlCall): ControlResponse {
    const config = readPublicKeyConfig(body);
    const same = [...keys.publicKeys.values()].find(
      ({ name, callerReference }) => name === config.name || callerReference === config.callerReference,
    );
    if (same) fail(409, 'PublicKeyAlreadyExists', 'The specified public key already exists.');
    const key = { ...config, id: newId('K'), createdTime: now().toISOString(), etag: newId('E') };
    keys.putPublicKey(key);
    return { ...publicKeyResponse(201, key), location: `/public-key/${key.id}` };
  }

  function deletePublicKey({ ids: [id = ''], headers }: ControlCall): ControlResponse {
    checkVersion(publicKey(id), headers);
    if ([...keys.keyGroups.values()].some(({ items }) => items.includes(id)))
      fail(409, 'PublicKeyInUse', 'The specified public key is in use.');
    keys.deletePublicKey(id);
    return { status: 204 };
  }

  /** @param former The group that is changed; absent for a new one. */
  function readKeyGroupConfig(xml: string, former?: KeyGroupRecord) {
    const [name, items] = [required(xml, 'Name'), textsOf(xml, 'PublicKey')];
    if (items.length > MAX_KEYS_IN_GROUP)
      fail(
        400,
        'TooManyPublicKeysInKeyGroup',
        'The number of public keys in this key group is more than the maximum allowed.',
      );
    if (items.length === 0 || new Set(items).size !== items.length)
      fail(400, 'InvalidArgument', 'Items has to name public keys, each once.');
    // [UNV] The operations' "Errors" have no NoSuchPublicKey.
    if (!items.every((id) => keys.publicKeys.has(id)))
      fail(400, 'InvalidArgument', 'Items names a public key that does not exist.');
    const isTaken = [...keys.keyGroups.values()].some((other) => other.name === name && other.id !== former?.id);
    if (isTaken)
      fail(409, 'KeyGroupAlreadyExists', 'A key group with this name already exists. You must provide a unique name.');
    return {
      name,
      items,
      comment: textOf(xml, 'Comment') ?? '',
      lastModifiedTime: now().toISOString(),
      etag: newId('E'),
    };
  }

  function createKeyGroup({ body }: ControlCall): ControlResponse {
    const group = { id: randomUUID(), ...readKeyGroupConfig(body) };
    keys.putKeyGroup(group);
    return { ...keyGroupResponse(201, group), location: `/key-group/${group.id}` };
  }

  async function updateKeyGroup({ ids: [id = ''], headers, body }: ControlCall): Promise<ControlResponse> {
    const former = keyGroup(id);
    checkVersion(former, headers);
    const group = { id, ...readKeyGroupConfig(body, former) };
    keys.putKeyGroup(group);
    await keyGroupsChanged();
    return keyGroupResponse(200, group);
  }

  function deleteKeyGroup({ ids: [id = ''], headers }: ControlCall): ControlResponse {
    checkVersion(keyGroup(id), headers);
    if (isTrusted(id)) fail(409, 'ResourceInUse', 'Cannot delete this resource because it is in use.');
    keys.deleteKeyGroup(id);
    return { status: 204 };
  }

  const list =
    (root: string, items: Xml[], element: string) =>
    ({ query }: ControlCall): ControlResponse => {
      const paging = [...query.keys()].find((name) => name === 'Marker' || name === 'MaxItems');
      if (paging !== undefined)
        fail(501, 'NotImplemented', `the local runtime answers lists whole, so it does not take ${paging}`);
      return {
        status: 200,
        body: document(root, { MaxItems: 100, Quantity: items.length, Items: { [element]: items } }),
      };
    };

  const [publicKeys, onePublicKey] = [/^\/public-key$/, /^\/public-key\/([^/]+)$/];
  const [keyGroups, oneKeyGroup] = [/^\/key-group$/, /^\/key-group\/([^/]+)$/];
  return [
    { name: 'CreatePublicKey', method: 'POST', path: publicKeys, resource, run: createPublicKey },
    {
      name: 'ListPublicKeys',
      method: 'GET',
      path: publicKeys,
      resource,
      run: (call) =>
        list('PublicKeyList', [...keys.publicKeys.values()].map(publicKeySummary), 'PublicKeySummary')(call),
    },
    {
      name: 'GetPublicKey',
      method: 'GET',
      path: onePublicKey,
      resource,
      run: ({ ids: [id = ''] }) => publicKeyResponse(200, publicKey(id)),
    },
    { name: 'DeletePublicKey', method: 'DELETE', path: onePublicKey, resource, run: deletePublicKey },
    { name: 'CreateKeyGroup', method: 'POST', path: keyGroups, resource, run: createKeyGroup },
    {
      name: 'ListKeyGroups',
      method: 'GET',
      path: keyGroups,
      resource,
      run: (call) =>
        list(
          'KeyGroupList',
          [...keys.keyGroups.values()].map((group) => ({ KeyGroup: describeKeyGroup(group) })),
          'KeyGroupSummary',
        )(call),
    },
    {
      name: 'GetKeyGroup',
      method: 'GET',
      path: oneKeyGroup,
      resource,
      run: ({ ids: [id = ''] }) => keyGroupResponse(200, keyGroup(id)),
    },
    { name: 'UpdateKeyGroup', method: 'PUT', path: oneKeyGroup, resource, run: updateKeyGroup },
    { name: 'DeleteKeyGroup', method: 'DELETE', path: oneKeyGroup, resource, run: deleteKeyGroup },
  ];
}

function required(xml: string, element: string): string {
  return textOf(xml, element) || fail(400, 'InvalidArgument', `${element} is missing.`);
}

function readPublicKeyConfig(xml: string): Omit<PublicKeyRecord, 'id' | 'createdTime' | 'etag'> {
  const encodedKey = required(xml, 'EncodedKey');
  try {
    importPublicKey(encodedKey);
  } catch {
    fail(400, 'InvalidArgument', 'Your request contains empty/invalid/out of limits RSA Encoded Key');
  }
  return {
    name: required(xml, 'Name'),
    callerReference: required(xml, 'CallerReference'),
    comment: textOf(xml, 'Comment') ?? '',
    encodedKey,
  };
}

/** Source: the operations' "Errors". */
function checkVersion({ etag }: { readonly etag: string }, headers: ControlCall['headers']): void {
  const wanted = headers['if-match'];
  if (wanted === undefined)
    fail(400, 'InvalidIfMatchVersion', 'The If-Match version is missing or not valid for the resource.');
  if (wanted !== etag)
    fail(412, 'PreconditionFailed', 'The precondition in one or more of the request fields evaluated to false.');
}

const publicKeySummary = ({ id, name, createdTime, encodedKey, comment }: PublicKeyRecord): Xml => ({
  Id: id,
  Name: name,
  CreatedTime: createdTime,
  EncodedKey: encodedKey,
  Comment: comment,
});

function publicKeyResponse(status: 200 | 201, key: PublicKeyRecord): ControlResponse {
  const PublicKeyConfig = {
    CallerReference: key.callerReference,
    Name: key.name,
    EncodedKey: key.encodedKey,
    Comment: key.comment,
  };
  const body = document('PublicKey', { Id: key.id, CreatedTime: key.createdTime, PublicKeyConfig });
  return { status, body, etag: key.etag };
}

const describeKeyGroup = ({ id, name, items, comment, lastModifiedTime }: KeyGroupRecord): Xml => ({
  Id: id,
  LastModifiedTime: lastModifiedTime,
  KeyGroupConfig: { Name: name, Items: { PublicKey: items }, Comment: comment },
});

const keyGroupResponse = (status: 200 | 201, group: KeyGroupRecord): ControlResponse => ({
  status,
  body: document('KeyGroup', describeKeyGroup(group)),
  etag: group.etag,
});
