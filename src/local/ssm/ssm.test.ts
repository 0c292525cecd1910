import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DeleteParameterCommand,
  GetParameterCommand,
  PutParameterCommand,
  type PutParameterCommandInput,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createAwsEndpoint } from '../aws-endpoint';
import { machineClock } from '../clock';
import { authorize } from '../iam/authorize';
import { openIam } from '../iam/iam';
import { openS3 } from '../s3';
import { openSsm } from './ssm';

const REGION = 'us-east-1';

async function startSsm() {
  const dir = mkdtempSync(join(tmpdir(), 'edgepass-ssm-test-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const credentials = {
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  };
  const { findAccessKey } = openIam({ accountId: '123456789012', developer: credentials });
  const options = { region: REGION, accountId: '123456789012', authorize, now: machineClock };
  const s3 = openS3({ dir: join(dir, 's3'), findAccessKey, ...options });
  onTestFinished(() => s3.close());
  const ssm = openSsm({ dir: join(dir, 'ssm'), ...options });
  const server = createServer(
    createAwsEndpoint({ region: REGION, findAccessKey, services: { s3: s3.api, ssm: ssm.api }, now: machineClock }),
  );
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  onTestFinished(() => void server.close().closeAllConnections());
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = new SSMClient({ region: REGION, endpoint, credentials, maxAttempts: 1 });
  onTestFinished(() => client.destroy());
  return {
    put: (input: Omit<PutParameterCommandInput, 'Name'>) =>
      client.send(new PutParameterCommand({ Name: '/a/key', ...input })),
    read: async (WithDecryption = true) =>
      (await client.send(new GetParameterCommand({ Name: '/a/key', WithDecryption }))).Parameter,
    remove: () => client.send(new DeleteParameterCommand({ Name: '/a/key' })),
    stored: () => readFileSync(join(dir, 'ssm', 'parameters.json'), 'utf8'),
  };
}

describe('Parameter Store', () => {
  test('a standard parameter has 4,096 characters at most, whatever its bytes', async () => {
    const { put, read } = await startSsm();
    for (const character of ['x', 'ä']) {
      const Value = character.repeat(4096);
      await put({ Type: 'SecureString', Value, Overwrite: true });
      expect((await read())?.Value).toBe(Value);
    }
    const error: Error = await put({ Type: 'SecureString', Value: 'secret'.padEnd(4097, 'x'), Overwrite: true }).then(
      () => new Error('put'),
      (refused) => refused,
    );
    expect(error).toMatchObject({ name: 'ValidationException', message: expect.stringContaining('4096 characters') });
    expect(error.message).not.toContain('secret');
    expect((await read())?.Version).toBe(2);
  });

  test('a SecureString may name a KMS key, and is encrypted by the local runtime’s all the same', async () => {
    const { put, read, stored } = await startSsm();
    await put({ Type: 'SecureString', Value: 'secret', KeyId: 'arn:aws:kms:us-east-1:123456789012:key/1234' });
    expect((await read())?.Value).toBe('secret');
    const hidden = (await read(false))?.Value ?? '';
    expect(hidden).not.toContain('secret');
    expect(stored()).toContain(hidden);
    expect(stored()).not.toContain('secret');
  });

  test('a KMS key is for a SecureString only', async () => {
    const { put } = await startSsm();
    for (const Type of ['String', 'StringList'] as const)
      await expect(put({ Type, Value: 'a', KeyId: 'alias/aws/ssm' })).rejects.toMatchObject({
        name: 'ValidationException',
      });
  });

  test('of many who create a parameter at once, one does', async () => {
    const { put, read, remove } = await startSsm();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, (_none, at) => put({ Type: 'String', Value: String(at), Overwrite: false })),
    );
    const winners = outcomes.flatMap(({ status }, at) => (status === 'fulfilled' ? [String(at)] : []));
    expect(winners).toEqual([(await read())?.Value]);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ name: 'ParameterAlreadyExists' });
    await remove();
    await expect(remove()).rejects.toMatchObject({ name: 'ParameterNotFound' });
  });

  test('what the local runtime does not know of PutParameter is refused, not dropped', async () => {
    const { put } = await startSsm();
    await expect(put({ Type: 'String', Value: 'a', Tier: 'Advanced' })).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining('Tier'),
    });
  });
});
