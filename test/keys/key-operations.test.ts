import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import {
  CloudFrontClient,
  CreateKeyGroupCommand,
  CreatePublicKeyCommand,
  DeleteKeyGroupCommand,
  DeletePublicKeyCommand,
  GetKeyGroupCommand,
  GetKeyGroupConfigCommand,
  GetPublicKeyCommand,
  GetPublicKeyConfigCommand,
  ListKeyGroupsCommand,
  ListPublicKeysCommand,
  UpdateKeyGroupCommand,
  UpdatePublicKeyCommand,
} from '@aws-sdk/client-cloudfront';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { createSigner, generateKeyPair } from 'edgepass';
import { type LocalRuntime, startLocal } from 'edgepass/local';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { synthesizeApi } from '../api/boot-api';
import { s3Client } from '../clients';
import { type Environment, run, temporaryFolder } from '../run-local';

const folder = temporaryFolder(afterAll);
const dataDir = join(folder, 'data');
let assembly: string;
let local: LocalRuntime;
let environment: Environment;
let client: CloudFrontClient;

async function boot(edgeWorkers = 0): Promise<void> {
  local = await startLocal({ dataDir, assembly, ports: { aws: 0, api: 0, distribution: 0 }, edgeWorkers });
  environment = local.environment as unknown as Environment;
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = environment;
  const endpoint = environment.AWS_ENDPOINT_URL;
  client = new CloudFrontClient({ region: 'us-east-1', endpoint, credentials: { accessKeyId, secretAccessKey } });
}
async function end(): Promise<void> {
  client.destroy();
  await local.close();
}

beforeAll(async () => {
  assembly = synthesizeApi(folder, { signingKeyType: 'ECDSA' });
  await boot();
  const s3 = s3Client(environment);
  await s3.send(new PutObjectCommand({ Bucket: environment.EDGEPASS_BUCKET, Key: 'a.txt', Body: 'a' }));
  s3.destroy();
});
afterAll(end);

/** Nothing of a test's own is left, whatever became of it. */
const made: { groups: string[]; keys: string[] } = { groups: [], keys: [] };
afterEach(async () => {
  for (const Id of made.groups.splice(0)) {
    const { ETag } = await client.send(new GetKeyGroupCommand({ Id })).catch(() => ({ ETag: undefined }));
    if (ETag) await client.send(new DeleteKeyGroupCommand({ Id, IfMatch: ETag }));
  }
  for (const Id of made.keys.splice(0)) {
    const { ETag } = await client.send(new GetPublicKeyCommand({ Id })).catch(() => ({ ETag: undefined }));
    if (ETag) await client.send(new DeletePublicKeyCommand({ Id, IfMatch: ETag }));
  }
});

const { publicKey: PEM, privateKey } = generateKeyPair({ keyType: 'ECDSA' });

async function makeKey(Name: string, EncodedKey = PEM) {
  const PublicKeyConfig = { Name, CallerReference: `reference of ${Name}`, EncodedKey, Comment: 'R&D <1>' };
  const answer = await client.send(new CreatePublicKeyCommand({ PublicKeyConfig }));
  made.keys.push(answer.PublicKey?.Id ?? '');
  return { ...answer, id: answer.PublicKey?.Id ?? '', etag: answer.ETag ?? '', PublicKeyConfig };
}

async function makeGroup(Name: string, Items: string[]) {
  const KeyGroupConfig = { Name, Items, Comment: 'R&D <1>' };
  const answer = await client.send(new CreateKeyGroupCommand({ KeyGroupConfig }));
  made.groups.push(answer.KeyGroup?.Id ?? '');
  return { ...answer, id: answer.KeyGroup?.Id ?? '', etag: answer.ETag ?? '', KeyGroupConfig };
}

const codeOf = (name: string, status: number) => ({ name, $metadata: { httpStatusCode: status } });

/** The key group that the distribution trusts. */
async function trustedGroup() {
  const { KeyGroupList } = await client.send(new ListKeyGroupsCommand({}));
  const group = KeyGroupList?.Items?.find(({ KeyGroup }) => KeyGroup?.KeyGroupConfig?.Name?.startsWith('edgepass-'));
  const Id = group?.KeyGroup?.Id ?? '';
  const { ETag, KeyGroup } = await client.send(new GetKeyGroupCommand({ Id }));
  const { Name = '', Items = [] } = KeyGroup?.KeyGroupConfig ?? {};
  return { Id, ETag, Name, Items };
}

async function setTrusted(Items: string[]): Promise<void> {
  const { Id, ETag, Name } = await trustedGroup();
  await client.send(new UpdateKeyGroupCommand({ Id, IfMatch: ETag, KeyGroupConfig: { Name, Items } }));
}

describe('a public key', () => {
  it('is made, read, listed and deleted', async () => {
    const { id, etag, Location, PublicKey, PublicKeyConfig } = await makeKey('mine');
    expect(id).toMatch(/^K[A-Z0-9]{13}$/);
    expect(Location).toMatch(new RegExp(`/2020-05-31/public-key/${id}$`));
    expect(PublicKey?.PublicKeyConfig).toEqual(PublicKeyConfig);
    const found = await client.send(new GetPublicKeyCommand({ Id: id }));
    expect([found.ETag, found.PublicKey]).toEqual([etag, PublicKey]);
    expect(PublicKey?.CreatedTime).toBeInstanceOf(Date);

    const { PublicKeyList } = await client.send(new ListPublicKeysCommand({}));
    expect(PublicKeyList?.Quantity).toBe(PublicKeyList?.Items?.length);
    const { CallerReference: _reference, ...named } = PublicKeyConfig;
    expect(PublicKeyList?.Items?.find(({ Id }) => Id === id)).toEqual({
      Id: id,
      CreatedTime: PublicKey?.CreatedTime,
      ...named,
    });

    await client.send(new DeletePublicKeyCommand({ Id: id, IfMatch: etag }));
    await expect(client.send(new GetPublicKeyCommand({ Id: id }))).rejects.toMatchObject(
      codeOf('NoSuchPublicKey', 404),
    );
  });

  it('is one of RSA too', async () => {
    const { publicKey } = generateKeyPair({ keyType: 'RSA' });
    const { PublicKey } = await makeKey('rsa', publicKey);
    expect(PublicKey?.PublicKeyConfig?.EncodedKey).toBe(publicKey);
  });

  it('is refused when its name or its caller reference is taken', async () => {
    await makeKey('taken');
    const again = (Name: string, CallerReference: string) =>
      client.send(new CreatePublicKeyCommand({ PublicKeyConfig: { Name, CallerReference, EncodedKey: PEM } }));
    await expect(again('taken', 'x')).rejects.toMatchObject(codeOf('PublicKeyAlreadyExists', 409));
    await expect(again('x', 'reference of taken')).rejects.toMatchObject(codeOf('PublicKeyAlreadyExists', 409));
  });

  it.each([
    ['no key', ''],
    ['another text', 'PEM'],
    ['a private key', privateKey],
  ])('is refused with %s, which no message repeats', async (_what, EncodedKey) => {
    const error: Error = await makeKey('wrong', EncodedKey).then(
      () => new Error('made'),
      (refused) => refused,
    );
    expect(error).toMatchObject(codeOf('InvalidArgument', 400));
    expect(error.message).not.toMatch(/PRIVATE KEY|PEM/);
  });

  it('is refused without a name or a caller reference', async () => {
    for (const PublicKeyConfig of [
      { Name: '', CallerReference: 'x', EncodedKey: PEM },
      { Name: 'x', CallerReference: '', EncodedKey: PEM },
    ])
      await expect(client.send(new CreatePublicKeyCommand({ PublicKeyConfig }))).rejects.toMatchObject(
        codeOf('InvalidArgument', 400),
      );
  });

  it('is deleted only by its version, and not while a key group has it', async () => {
    const { id, etag } = await makeKey('used');
    const remove = (IfMatch?: string, Id = id) => client.send(new DeletePublicKeyCommand({ Id, IfMatch }));
    await expect(remove()).rejects.toMatchObject(codeOf('InvalidIfMatchVersion', 400));
    await expect(remove('EOTHER')).rejects.toMatchObject(codeOf('PreconditionFailed', 412));
    await expect(remove(etag, 'KNONE')).rejects.toMatchObject(codeOf('NoSuchPublicKey', 404));
    const group = await makeGroup('users', [id]);
    await expect(remove(etag)).rejects.toMatchObject(codeOf('PublicKeyInUse', 409));
    await client.send(new DeleteKeyGroupCommand({ Id: group.id, IfMatch: group.etag }));
    await remove(etag);
    await expect(remove(etag)).rejects.toMatchObject(codeOf('NoSuchPublicKey', 404));
  });
});

describe('a key group', () => {
  it('is made, read, listed, changed and deleted', async () => {
    const [one, other] = [await makeKey('one'), await makeKey('other')];
    const { id, etag, Location, KeyGroup, KeyGroupConfig } = await makeGroup('group', [one.id, other.id]);
    expect(Location).toMatch(new RegExp(`/2020-05-31/key-group/${id}$`));
    expect(KeyGroup?.KeyGroupConfig).toEqual(KeyGroupConfig);
    const { KeyGroupList } = await client.send(new ListKeyGroupsCommand({}));
    expect(KeyGroupList?.Quantity).toBe(KeyGroupList?.Items?.length);
    expect(KeyGroupList?.Items?.find((item) => item.KeyGroup?.Id === id)?.KeyGroup).toEqual(KeyGroup);

    const changed = { Name: 'renamed', Items: [other.id], Comment: '' };
    const answer = await client.send(new UpdateKeyGroupCommand({ Id: id, IfMatch: etag, KeyGroupConfig: changed }));
    const found = await client.send(new GetKeyGroupCommand({ Id: id }));
    expect(found.KeyGroup).toEqual(answer.KeyGroup);
    expect(found.KeyGroup?.KeyGroupConfig).toEqual(changed);
    expect([found.ETag, found.ETag === etag]).toEqual([answer.ETag, false]);

    await client.send(new DeleteKeyGroupCommand({ Id: id, IfMatch: found.ETag }));
    await expect(client.send(new GetKeyGroupCommand({ Id: id }))).rejects.toMatchObject(codeOf('NoSuchResource', 404));
  });

  it('is changed and deleted only by its version: of two who change it at once, one is told', async () => {
    const { id: key } = await makeKey('key');
    const { id, etag } = await makeGroup('contended', [key]);
    const update = (IfMatch?: string, Id = id) =>
      client.send(
        new UpdateKeyGroupCommand({ Id, IfMatch, KeyGroupConfig: { Name: 'contended', Items: [key], Comment: '2' } }),
      );
    await expect(update()).rejects.toMatchObject(codeOf('InvalidIfMatchVersion', 400));
    await expect(update(etag, 'none')).rejects.toMatchObject(codeOf('NoSuchResource', 404));
    const outcomes = await Promise.allSettled([update(etag), update(etag)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(outcomes.find((one) => one.status === 'rejected')?.reason).toMatchObject(codeOf('PreconditionFailed', 412));
    const remove = (IfMatch?: string, Id = id) => client.send(new DeleteKeyGroupCommand({ Id, IfMatch }));
    await expect(remove(etag)).rejects.toMatchObject(codeOf('PreconditionFailed', 412));
    await expect(remove()).rejects.toMatchObject(codeOf('InvalidIfMatchVersion', 400));
    await expect(remove(etag, 'none')).rejects.toMatchObject(codeOf('NoSuchResource', 404));
  });

  it('has 1 to 5 public keys that are there, each once, and a name of its own', async () => {
    const ids: string[] = [];
    for (const name of ['1', '2', '3', '4', '5', '6']) ids.push((await makeKey(name)).id);
    const [first = ''] = ids;
    await makeGroup('five', ids.slice(0, 5));
    await expect(makeGroup('six', ids)).rejects.toMatchObject(codeOf('TooManyPublicKeysInKeyGroup', 400));
    await expect(makeGroup('none', [])).rejects.toMatchObject(codeOf('InvalidArgument', 400));
    await expect(makeGroup('twice', [first, first])).rejects.toMatchObject(codeOf('InvalidArgument', 400));
    await expect(makeGroup('', [first])).rejects.toMatchObject(codeOf('InvalidArgument', 400));
    await expect(makeGroup('unknown', ['KNONE'])).rejects.toMatchObject(codeOf('InvalidArgument', 400));
    await expect(makeGroup('five', [first])).rejects.toMatchObject(codeOf('KeyGroupAlreadyExists', 409));
    const { id, etag } = await makeGroup('another', [first]);
    const rename = { Id: id, IfMatch: etag, KeyGroupConfig: { Name: 'five', Items: [first] } };
    await expect(client.send(new UpdateKeyGroupCommand(rename))).rejects.toMatchObject(
      codeOf('KeyGroupAlreadyExists', 409),
    );
  });

  it('is not deleted while the distribution trusts it', async () => {
    const { Id, ETag } = await trustedGroup();
    await expect(client.send(new DeleteKeyGroupCommand({ Id, IfMatch: ETag }))).rejects.toMatchObject(
      codeOf('ResourceInUse', 409),
    );
  });
});

/** The answer to a link that this key signs. */
async function open(keyPairId: string): Promise<string> {
  const signer = createSigner({ keyPairId, privateKey });
  const url = `${environment.EDGEPASS_DISTRIBUTION_URL}/a.txt`;
  // A connection of its own: with several edge processes, any may accept it.
  const answer = await fetch(signer.signUrl(url, { dateLessThan: new Date(Date.now() + 60_000) }), {
    headers: { connection: 'close' },
  });
  return `${answer.status} ${answer.headers.get('x-edgepass-reason') ?? (await answer.text())}`;
}
const UNKNOWN = '403 ERR_KEY_PAIR_ID_UNKNOWN';

async function trustAndDistrust(asks: number): Promise<void> {
  const { id } = await makeKey('trusted for a while');
  const { Items } = await trustedGroup();
  const answers = async (): Promise<string[]> => {
    const all = await Promise.all(Array.from({ length: asks }, () => open(id)));
    return [...new Set(all)];
  };
  expect(await answers()).toEqual([UNKNOWN]);
  try {
    await setTrusted([...Items, id]);
    expect(await answers()).toEqual(['200 a']);
  } finally {
    await setTrusted(Items);
  }
  expect(await answers()).toEqual([UNKNOWN]);
}

describe("CloudFront's key operations", () => {
  it('a changed key group is in force when the change is answered', () => trustAndDistrust(2));

  it('keys, key groups and their versions outlive the local runtime that made them, and so does whom the distribution trusts', async () => {
    const { id, etag, PublicKey } = await makeKey('kept');
    const group = await makeGroup('kept', [id]);
    const { Items } = await trustedGroup();
    await setTrusted([...Items, id]);
    try {
      await end();
      await boot();
      expect(await client.send(new GetPublicKeyCommand({ Id: id }))).toMatchObject({ PublicKey, ETag: etag });
      expect(await client.send(new GetKeyGroupCommand({ Id: group.id }))).toMatchObject({
        KeyGroup: group.KeyGroup,
        ETag: group.etag,
      });
      // What the function that keeps the keys finds at its first run, it leaves: somebody has put it there.
      expect(await open(id)).toBe('200 a');
    } finally {
      await setTrusted(Items);
    }
  });

  it('a changed key group is in force in every edge process when the change is answered', async () => {
    await end();
    await boot(2);
    await trustAndDistrust(24);
    await end();
    await boot();
  });

  it('what the local runtime does not have of these is refused by name', async () => {
    const { id, etag, PublicKeyConfig } = await makeKey('mine');
    const group = await makeGroup('mine', [id]);
    for (const asked of [
      () => client.send(new GetPublicKeyConfigCommand({ Id: id })),
      () => client.send(new UpdatePublicKeyCommand({ Id: id, IfMatch: etag, PublicKeyConfig })),
      () => client.send(new GetKeyGroupConfigCommand({ Id: group.id })),
      () => client.send(new ListPublicKeysCommand({ MaxItems: 1 })),
      () => client.send(new ListKeyGroupsCommand({ Marker: 'x' })),
    ])
      await expect(asked()).rejects.toMatchObject(codeOf('NotImplemented', 501));
  });

  it('tells whose signature does not hold, in CloudFront’s words', async () => {
    const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = environment;
    const ask = async (credentials: { accessKeyId: string; secretAccessKey: string }) => {
      const { AWS_ENDPOINT_URL: endpoint } = environment;
      const other = new CloudFrontClient({ region: 'us-east-1', endpoint, credentials, maxAttempts: 1 });
      await other.send(new ListKeyGroupsCommand({})).finally(() => other.destroy());
    };
    await expect(ask({ accessKeyId: 'AKIAANOTHER', secretAccessKey })).rejects.toMatchObject(
      codeOf('InvalidClientTokenId', 403),
    );
    await expect(ask({ accessKeyId, secretAccessKey: 'another' })).rejects.toMatchObject(
      codeOf('SignatureDoesNotMatch', 403),
    );
  });

  it.skipIf(spawnSync('aws', ['--version']).status !== 0)(
    'the aws command makes, lists and deletes keys and groups too (skipped without it)',
    async () => {
      const aws = async (...args: string[]) => {
        const command = ['cloudfront', ...args, '--output', 'json'];
        const { code, stdout, stderr } = await run('aws', command, { ...process.env, ...local.environment });
        expect(code, stderr).toBe(0);
        return stdout === '' ? undefined : JSON.parse(stdout);
      };
      const config = JSON.stringify({ Name: 'cli', CallerReference: 'cli', EncodedKey: PEM });
      const { PublicKey, ETag } = await aws('create-public-key', '--public-key-config', config);
      const Items = [PublicKey.Id];
      const groupConfig = JSON.stringify({ Name: 'cli', Items });
      const group = await aws('create-key-group', '--key-group-config', groupConfig);
      const { KeyGroupList } = await aws('list-key-groups');
      expect(KeyGroupList.Items).toContainEqual({ KeyGroup: group.KeyGroup });
      await aws('delete-key-group', '--id', group.KeyGroup.Id, '--if-match', group.ETag);
      await aws('delete-public-key', '--id', PublicKey.Id, '--if-match', ETag);
      const { PublicKeyList } = await aws('list-public-keys');
      expect(JSON.stringify(PublicKeyList)).not.toContain(PublicKey.Id);
    },
  );
});
