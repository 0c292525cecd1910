import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  DeleteObjectTaggingCommand,
  GetBucketAclCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLocationCommand,
  GetBucketVersioningCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  GetObjectRetentionCommand,
  GetObjectTaggingCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListMultipartUploadsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  ListPartsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  type S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { clientOf, type RunningS3, startS3 } from './s3.test.fixture';

const Bucket = 'files';
const MIB = 1024 * 1024;
let running: RunningS3;
let client: S3Client;

beforeAll(async () => {
  running = await startS3();
  client = clientOf(running);
  await client.send(new CreateBucketCommand({ Bucket }));
});
afterAll(async () => {
  client.destroy();
  await running.close();
});

const put = (Key: string, Body: string | Buffer = Key, more: object = {}) =>
  client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
const read = async (Key: string, more: object = {}): Promise<string> => {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, ...more }));
  return (await Body?.transformToString()) ?? '';
};
const failure = async (work: Promise<unknown>): Promise<{ name: string; status: number | undefined }> => {
  try {
    await work;
  } catch (error) {
    const { name, $metadata } = error as { name: string; $metadata?: { httpStatusCode?: number } };
    return { name, status: $metadata?.httpStatusCode };
  }
  throw new Error('it did not fail');
};

describe('objects', () => {
  it.each(['a b+c?d#e%f*g\'h"i', 'a//b', '../up', './here', '日本語/🗝️', 'line\nbreak', '&<>;=@:!$()', 'trailing/'])(
    'keeps the key %j as it is',
    async (key) => {
      await put(key);
      expect(await read(key)).toBe(key);
      const { Contents } = await client.send(new ListObjectsV2Command({ Bucket, Prefix: key, EncodingType: 'url' }));
      expect(Contents?.map(({ Key }) => Key)).toEqual([
        encodeURIComponent(key)
          .replace(/[!'()]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
          .replaceAll('%2F', '/')
          .replaceAll('%20', '+'),
      ]);
      await client.send(new DeleteObjectCommand({ Bucket, Key: key }));
    },
  );

  it('keeps headers, metadata, tags and storage class, and answers them', async () => {
    await put('described', 'x', {
      CacheControl: 'max-age=60',
      ContentDisposition: 'attachment',
      ContentLanguage: 'de',
      ContentType: 'text/plain',
      Metadata: { colour: 'blue' },
      StorageClass: 'STANDARD_IA',
      Tagging: 'a=1&b=2',
    });
    expect(await client.send(new HeadObjectCommand({ Bucket, Key: 'described' }))).toMatchObject({
      CacheControl: 'max-age=60',
      ContentDisposition: 'attachment',
      ContentLanguage: 'de',
      ContentType: 'text/plain',
      ContentLength: 1,
      ETag: `"${createHash('md5').update('x').digest('hex')}"`,
      Metadata: { colour: 'blue' },
      StorageClass: 'STANDARD_IA',
      TagCount: 2,
    });
    const overridden = new GetObjectCommand({ Bucket, Key: 'described', ResponseContentType: 'text/html' });
    expect((await client.send(overridden)).ContentType).toBe('text/html');
  });

  it.each(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const)('verifies and answers %s', async (algorithm) => {
    const name = `Checksum${algorithm}` as const;
    const written = await put(`sum-${algorithm}`, Buffer.alloc(100_000, 7), { ChecksumAlgorithm: algorithm });
    const head = await client.send(new HeadObjectCommand({ Bucket, Key: `sum-${algorithm}`, ChecksumMode: 'ENABLED' }));
    expect(head[name]).toBe(written[name]);
    expect(head.ChecksumType).toBe('FULL_OBJECT');
    const bad = put('bad', 'x', {
      [name]: Buffer.alloc(Buffer.from(written[name] ?? '', 'base64').length).toString('base64'),
    });
    expect((await failure(bad)).name).toBe('BadDigest');
  });

  it('writes only when the conditions hold', async () => {
    const { ETag = '' } = await put('conditional', 'one');
    expect(await failure(put('conditional', 'two', { IfNoneMatch: '*' }))).toEqual({
      name: 'PreconditionFailed',
      status: 412,
    });
    expect((await failure(put('conditional', 'two', { IfMatch: '"0"' }))).name).toBe('PreconditionFailed');
    expect((await failure(put('absent', 'two', { IfMatch: ETag }))).name).toBe('NoSuchKey');
    await put('conditional', 'two', { IfMatch: ETag });
    expect(await read('conditional')).toBe('two');
  });

  it('lets one of several conditional writers win', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, (_, at) => put('contended', String(at).repeat(1000), { IfNoneMatch: '*' })),
    );
    const winners = outcomes.flatMap(({ status }, at) => (status === 'fulfilled' ? [at] : []));
    expect(winners).toHaveLength(1);
    expect(await read('contended')).toBe(String(winners[0]).repeat(1000));
  });

  it('lets concurrent writers overwrite each other whole, and never mixes them', async () => {
    const bodies = Array.from({ length: 10 }, (_, at) => Buffer.alloc(300_000, at));
    await Promise.all(bodies.map((body) => put('raced', body)));
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: 'raced' }));
    const bytes = Buffer.from((await Body?.transformToByteArray()) ?? []);
    expect(bodies.some((body) => body.equals(bytes))).toBe(true);
  });

  it('can be read in the index by another process while this one writes', async () => {
    await put('shared', 'x');
    const script = `
      const { open } = require('lmdb');
      const root = open({ path: process.argv[1], maxDbs: 8, readOnly: true });
      const objects = root.openDB({ name: 'objects', keyEncoding: 'binary' });
      console.log(objects.get(Buffer.from('${Bucket}\\0shared')).size);`;
    const other = promisify(execFile)(process.execPath, ['-e', script, join(running.dir, 'index')]);
    await Promise.all(Array.from({ length: 20 }, (_, at) => put(`beside-${at}`)));
    expect((await other).stdout).toBe('1\n');
  });

  it('reads ranges, and by conditions', async () => {
    const { ETag = '' } = await put('ranged', '0123456789');
    expect(await read('ranged', { Range: 'bytes=2-4' })).toBe('234');
    expect(await read('ranged', { Range: 'bytes=-3' })).toBe('789');
    expect(await read('ranged', { Range: 'bytes=7-' })).toBe('789');
    expect((await failure(read('ranged', { Range: 'bytes=10-' }))).name).toBe('InvalidRange');
    expect((await failure(read('ranged', { IfNoneMatch: ETag }))).status).toBe(304);
    expect((await failure(read('ranged', { IfMatch: '"0"' }))).status).toBe(412);
  });

  it('copies, with the metadata or without', async () => {
    await put('source', 'copied', { Metadata: { a: '1' }, ContentType: 'text/x', Tagging: 't=1' });
    const CopySource = `${Bucket}/source`;
    await client.send(new CopyObjectCommand({ Bucket, Key: 'same', CopySource }));
    await client.send(
      new CopyObjectCommand({
        Bucket,
        Key: 'other',
        CopySource,
        MetadataDirective: 'REPLACE',
        Metadata: { b: '2' },
        ChecksumAlgorithm: 'SHA256',
      }),
    );
    expect(await client.send(new HeadObjectCommand({ Bucket, Key: 'same' }))).toMatchObject({
      Metadata: { a: '1' },
      ContentType: 'text/x',
      TagCount: 1,
    });
    const other = await client.send(new HeadObjectCommand({ Bucket, Key: 'other', ChecksumMode: 'ENABLED' }));
    expect(other).toMatchObject({
      Metadata: { b: '2' },
      ChecksumSHA256: createHash('sha256').update('copied').digest('base64'),
    });
    const toItself = client.send(new CopyObjectCommand({ Bucket, Key: 'source', CopySource }));
    expect((await failure(toItself)).name).toBe('InvalidRequest');
    const absent = client.send(new CopyObjectCommand({ Bucket, Key: 'x', CopySource: `${Bucket}/none` }));
    expect((await failure(absent)).name).toBe('NoSuchKey');
  });

  it('deletes many, and tells each', async () => {
    await Promise.all(['d/1', 'd/2'].map((key) => put(key)));
    const Objects = ['d/1', 'd/2', 'd/absent'].map((Key) => ({ Key }));
    const { Deleted, Errors } = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    expect(Deleted?.map(({ Key }) => Key)).toEqual(['d/1', 'd/2', 'd/absent']);
    expect(Errors).toBeUndefined();
  });

  it('changes tags, and tells attributes', async () => {
    await put('tagged', 'x', { ChecksumAlgorithm: 'SHA256' });
    const TagSet = [{ Key: 'k', Value: 'v' }];
    await client.send(new PutObjectTaggingCommand({ Bucket, Key: 'tagged', Tagging: { TagSet } }));
    expect((await client.send(new GetObjectTaggingCommand({ Bucket, Key: 'tagged' }))).TagSet).toEqual(TagSet);
    await client.send(new DeleteObjectTaggingCommand({ Bucket, Key: 'tagged' }));
    expect((await client.send(new GetObjectTaggingCommand({ Bucket, Key: 'tagged' }))).TagSet).toEqual([]);
    const attributes = await client.send(
      new GetObjectAttributesCommand({ Bucket, Key: 'tagged', ObjectAttributes: ['ETag', 'ObjectSize', 'Checksum'] }),
    );
    expect(attributes).toMatchObject({ ObjectSize: 1, Checksum: { ChecksumType: 'FULL_OBJECT' } });
    const elevenTags = Array.from({ length: 11 }, (_, at) => `k${at}=v`).join('&');
    expect((await failure(put('tagged', 'x', { Tagging: elevenTags }))).name).toBe('BadRequest');
  });
});

describe('listings', () => {
  it('page by key, prefix and delimiter, in the order of UTF-8', async () => {
    const keys = ['l/a', 'l/b/1', 'l/b/2', 'l/c', 'l/é', 'l/😀', 'l/\uffee'];
    await Promise.all(keys.map((key) => put(key)));
    const seen: string[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await client.send(
        new ListObjectsV2Command({ Bucket, Prefix: 'l/', Delimiter: '/', MaxKeys: 1, ContinuationToken }),
      );
      seen.push(...(page.Contents ?? []).map(({ Key = '' }) => Key));
      seen.push(...(page.CommonPrefixes ?? []).map(({ Prefix = '' }) => Prefix));
      expect(page.KeyCount).toBe(1);
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken);
    expect(seen).toEqual(['l/a', 'l/b/', 'l/c', 'l/é', 'l/\uffee', 'l/😀']);
    const first = await client.send(new ListObjectsCommand({ Bucket, Prefix: 'l/', Delimiter: '/', MaxKeys: 2 }));
    expect(first).toMatchObject({ IsTruncated: true, NextMarker: 'l/b/' });
    const after = await client.send(
      new ListObjectsV2Command({ Bucket, Prefix: 'l/', StartAfter: 'l/c', FetchOwner: true }),
    );
    expect(after.Contents?.[0]).toMatchObject({ Key: 'l/é', Owner: { ID: expect.any(String) } });
  });

  it('answer the calls that clients make on the way', async () => {
    await client.send(new HeadBucketCommand({ Bucket }));
    expect((await client.send(new ListBucketsCommand({}))).Buckets?.map(({ Name }) => Name)).toContain(Bucket);
    await client.send(new GetBucketLocationCommand({ Bucket }));
    expect((await client.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBeUndefined();
    expect((await client.send(new GetBucketAclCommand({ Bucket }))).Grants?.[0]?.Permission).toBe('FULL_CONTROL');
    expect(await failure(client.send(new HeadBucketCommand({ Bucket: 'absent' })))).toMatchObject({ status: 404 });
  });
});

describe('S3', () => {
  it('answers NotImplemented, by name, to what it does not do', async () => {
    const lifecycle = client.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
    await expect(lifecycle).rejects.toMatchObject({
      name: 'NotImplemented',
      message: expect.stringContaining('lifecycle'),
    });
    const retention = client.send(new GetObjectRetentionCommand({ Bucket, Key: 'a' }));
    await expect(retention).rejects.toMatchObject({
      name: 'NotImplemented',
      message: expect.stringContaining('retention'),
    });
    await expect(put('archived', 'x', { StorageClass: 'GLACIER' })).rejects.toThrow('GLACIER');
    await expect(put('locked', 'x', { ObjectLockMode: 'GOVERNANCE' })).rejects.toThrow('x-amz-object-lock-mode');
  });

  describe('versions', () => {
    let [versioned, buckets] = ['', 0];
    beforeEach(async () => {
      buckets += 1;
      versioned = `versioned-${buckets}`;
      await client.send(new CreateBucketCommand({ Bucket: versioned }));
    });
    const putVersion = (Body: string) => client.send(new PutObjectCommand({ Bucket: versioned, Key: 'k', Body }));
    const readVersion = async (VersionId?: string): Promise<string | undefined> => {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: versioned, Key: 'k', VersionId }));
      return Body?.transformToString();
    };
    const setVersioning = (Status: 'Enabled' | 'Suspended') =>
      client.send(new PutBucketVersioningCommand({ Bucket: versioned, VersioningConfiguration: { Status } }));

    it('are kept, hidden by a delete marker, and brought back by deleting it', async () => {
      await putVersion('before versioning');
      await setVersioning('Enabled');
      const one = await putVersion('one');
      const two = await putVersion('two');
      expect([await readVersion(), await readVersion(one.VersionId), await readVersion('null')]).toEqual([
        'two',
        'one',
        'before versioning',
      ]);
      const { DeleteMarker, VersionId: marker } = await client.send(
        new DeleteObjectCommand({ Bucket: versioned, Key: 'k' }),
      );
      expect(DeleteMarker).toBe(true);
      expect((await failure(readVersion())).name).toBe('NoSuchKey');
      expect((await failure(readVersion(marker))).name).toBe('MethodNotAllowed');
      const listed = await client.send(new ListObjectVersionsCommand({ Bucket: versioned }));
      expect(listed.Versions?.map(({ VersionId, IsLatest }) => [VersionId, IsLatest])).toEqual([
        [two.VersionId, false],
        [one.VersionId, false],
        ['null', false],
      ]);
      expect(listed.DeleteMarkers).toMatchObject([{ VersionId: marker, IsLatest: true }]);
      await client.send(new DeleteObjectCommand({ Bucket: versioned, Key: 'k', VersionId: marker }));
      expect(await readVersion()).toBe('two');
      await client.send(new DeleteObjectCommand({ Bucket: versioned, Key: 'k', VersionId: two.VersionId }));
      expect(await readVersion()).toBe('one');
    });

    it('are one, null, while versioning is suspended', async () => {
      await putVersion('before versioning');
      await setVersioning('Enabled');
      await putVersion('one');
      await setVersioning('Suspended');
      await putVersion('null again');
      expect(await readVersion('null')).toBe('null again');
      const { VersionId } = await client.send(new DeleteObjectCommand({ Bucket: versioned, Key: 'k' }));
      expect(VersionId).toBe('null');
      const { Versions, DeleteMarkers } = await client.send(new ListObjectVersionsCommand({ Bucket: versioned }));
      expect([Versions?.length, DeleteMarkers?.length]).toEqual([1, 1]);
    });

    it('page by version', async () => {
      await setVersioning('Enabled');
      await putVersion('one');
      await client.send(new DeleteObjectCommand({ Bucket: versioned, Key: 'k' }));
      const seen: (string | undefined)[] = [];
      let [KeyMarker, VersionIdMarker]: (string | undefined)[] = [];
      do {
        const page: ListObjectVersionsCommandOutput = await client.send(
          new ListObjectVersionsCommand({ Bucket: versioned, MaxKeys: 1, KeyMarker, VersionIdMarker }),
        );
        seen.push(...[...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].map(({ VersionId }) => VersionId));
        [KeyMarker, VersionIdMarker] = [page.NextKeyMarker, page.NextVersionIdMarker];
      } while (KeyMarker !== undefined);
      expect(new Set(seen).size).toBe(2);
      expect(seen).toHaveLength(2);
    });

    it('keep a bucket from being deleted', async () => {
      await setVersioning('Enabled');
      await putVersion('one');
      await client.send(new DeleteObjectCommand({ Bucket: versioned, Key: 'k' }));
      expect((await failure(client.send(new DeleteBucketCommand({ Bucket: versioned })))).name).toBe('BucketNotEmpty');
    });
  });

  describe('multipart uploads', () => {
    const parts = [Buffer.alloc(5 * MIB, 1), Buffer.alloc(5 * MIB, 2), Buffer.alloc(100, 3)];

    async function upload(Key: string, create: object = {}, part: object = {}) {
      const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key, ...create }));
      const Parts = await Promise.all(
        parts.map(async (Body, at) => {
          const PartNumber = at + 1;
          const sent = await client.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body, ...part }));
          const { ETag, ChecksumSHA256, ChecksumCRC32, ChecksumCRC64NVME } = sent;
          return { PartNumber, ETag, ChecksumSHA256, ChecksumCRC32, ChecksumCRC64NVME };
        }),
      );
      return { UploadId, Parts };
    }
    const complete = (Key: string, { UploadId, Parts }: Awaited<ReturnType<typeof upload>>) =>
      client.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }));

    it('become one object, whose parts can be read', async () => {
      const begun = await upload('multi', { ContentType: 'video/mp4' });
      const listed = await client.send(new ListPartsCommand({ Bucket, Key: 'multi', UploadId: begun.UploadId }));
      expect(listed.Parts?.map(({ Size }) => Size)).toEqual(parts.map(({ length }) => length));
      const uploads = await client.send(new ListMultipartUploadsCommand({ Bucket }));
      expect(uploads.Uploads?.map(({ Key }) => Key)).toEqual(['multi']);
      const { ETag } = await complete('multi', begun);
      const digests = Buffer.concat(parts.map((bytes) => createHash('md5').update(bytes).digest()));
      expect(ETag).toBe(`"${createHash('md5').update(digests).digest('hex')}-3"`);
      const whole = await client.send(new GetObjectCommand({ Bucket, Key: 'multi' }));
      expect(whole.ContentType).toBe('video/mp4');
      expect(Buffer.from((await whole.Body?.transformToByteArray()) ?? []).equals(Buffer.concat(parts))).toBe(true);
      const across = await client.send(
        new GetObjectCommand({ Bucket, Key: 'multi', Range: `bytes=${5 * MIB - 2}-${5 * MIB + 1}` }),
      );
      expect([...((await across.Body?.transformToByteArray()) ?? [])]).toEqual([1, 1, 2, 2]);
      const third = await client.send(new GetObjectCommand({ Bucket, Key: 'multi', PartNumber: 3 }));
      expect([third.ContentLength, third.PartsCount]).toEqual([100, 3]);
      await third.Body?.transformToByteArray();
    });

    it.each([
      ['SHA256', 'COMPOSITE'],
      ['CRC32', 'COMPOSITE'],
      ['CRC32', 'FULL_OBJECT'],
      ['CRC64NVME', 'FULL_OBJECT'],
    ] as const)('have a %s checksum, %s', async (ChecksumAlgorithm, ChecksumType) => {
      const key = `multi-${ChecksumAlgorithm}-${ChecksumType}`;
      const begun = await upload(key, { ChecksumAlgorithm, ChecksumType }, { ChecksumAlgorithm });
      const completed = await complete(key, begun);
      expect(completed.ChecksumType).toBe(ChecksumType);
      const value = completed[`Checksum${ChecksumAlgorithm}`];
      if (ChecksumType === 'COMPOSITE') expect(value).toMatch(/-3$/);
      else {
        const single = await put(`${key}-single`, Buffer.concat(parts), { ChecksumAlgorithm });
        expect(value).toBe(single[`Checksum${ChecksumAlgorithm}`]);
      }
      const attributes = await client.send(
        new GetObjectAttributesCommand({ Bucket, Key: key, ObjectAttributes: ['ObjectParts', 'Checksum'] }),
      );
      expect(attributes.ObjectParts).toMatchObject({ TotalPartsCount: 3 });
      expect(attributes.ObjectParts?.Parts?.[0]?.[`Checksum${ChecksumAlgorithm}`]).toBeDefined();
    });

    it('are refused with a checksum that is not a part’s, or not the whole object’s', async () => {
      const key = 'multi-wrong';
      const begun = await upload(key, { ChecksumAlgorithm: 'SHA256' }, { ChecksumAlgorithm: 'SHA256' });
      const [one, ...others] = begun.Parts;
      const swapped = { ...begun, Parts: [{ ...one, ChecksumSHA256: others[0]?.ChecksumSHA256 }, ...others] };
      expect((await failure(complete(key, swapped as typeof begun))).name).toBe('InvalidPart');
      const { UploadId, Parts } = begun;
      const stated = client.send(
        new CompleteMultipartUploadCommand({
          Bucket,
          Key: key,
          UploadId,
          MultipartUpload: { Parts },
          ChecksumSHA256: one?.ChecksumSHA256,
        }),
      );
      expect((await failure(stated)).name).toBe('BadDigest');
      await complete(key, begun);
    });

    it('copy parts from objects', async () => {
      await put('whole', Buffer.concat(parts));
      const Key = 'assembled';
      const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
      const copy = (PartNumber: number, CopySourceRange: string) =>
        client.send(
          new UploadPartCopyCommand({
            Bucket,
            Key,
            UploadId,
            PartNumber,
            CopySource: `${Bucket}/whole`,
            CopySourceRange,
          }),
        );
      const first = await copy(1, `bytes=0-${5 * MIB - 1}`);
      const second = await copy(2, `bytes=${10 * MIB}-${10 * MIB + 99}`);
      expect((await failure(copy(3, 'bytes=0-999999999'))).name).toBe('InvalidRange');
      const Parts = [first, second].map(({ CopyPartResult }, at) => ({
        PartNumber: at + 1,
        ETag: CopyPartResult?.ETag,
      }));
      await client.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }));
      const { ContentLength } = await client.send(new HeadObjectCommand({ Bucket, Key }));
      expect(ContentLength).toBe(5 * MIB + 100);
    });

    it('refuse parts that are missing, out of order or too small, and end when aborted', async () => {
      const begun = await upload('refused');
      const [one, two, three] = begun.Parts;
      const attempt = (Parts: unknown[]) =>
        failure(complete('refused', { ...begun, Parts: Parts as typeof begun.Parts }));
      expect((await attempt([two, one])).name).toBe('InvalidPartOrder');
      expect((await attempt([one, { PartNumber: 9, ETag: '"0"' }])).name).toBe('InvalidPart');
      const small = await upload('refused');
      await client.send(
        new UploadPartCommand({ Bucket, Key: 'refused', UploadId: small.UploadId, PartNumber: 1, Body: 'small' }),
      );
      const tiny = {
        ...small,
        Parts: [{ PartNumber: 1, ETag: `"${createHash('md5').update('small').digest('hex')}"` }, two, three],
      };
      expect((await failure(complete('refused', tiny as typeof small))).name).toBe('EntityTooSmall');
      await client.send(new AbortMultipartUploadCommand({ Bucket, Key: 'refused', UploadId: begun.UploadId }));
      expect((await failure(complete('refused', begun))).name).toBe('NoSuchUpload');
      await client.send(new AbortMultipartUploadCommand({ Bucket, Key: 'refused', UploadId: small.UploadId }));
    });
  });

  it('has no blob that nothing refers to when all is done', () => {
    const { store } = running.s3;
    const known = new Set<string>();
    for (const { name } of store.buckets()) {
      for (const { record } of store.listVersions(name, Buffer.alloc(0)))
        if ('pieces' in record) for (const { blob } of record.pieces) known.add(blob);
    }
    expect([...store.blobs.list()].sort()).toEqual([...known].sort());
  });
});
