import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { buildSync } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { compileBootstrap, isAlive, temporaryFolder, until } from './lambda.test.fixture';

const HOST = `
  const { openLambda } = require('./lambda.js');
  const lambda = openLambda({
    region: 'us-east-1',
    accountId: '123456789012',
    now: () => new Date(),
    localEnvironment: {},
    issueCredentials: () => ({ accessKeyId: 'a', secretAccessKey: 'b', sessionToken: 'c' }),
    findAsset: (bucket, key) => key,
    log: ({ line }) => console.log(line),
    bootstrapFile: process.argv[2],
  });
  const properties = { Code: { S3Bucket: 'assets', S3Key: __dirname }, Handler: 'index.handler', Runtime: 'nodejs24.x', Role: 'role', Timeout: 900, FunctionName: 'f' };
  const stack = { stackName: 's', partition: 'aws' };
  lambda.resourceTypes['AWS::Lambda::Function'].apply({ logicalId: 'F', properties, stack }).then(() =>
    Promise.all([lambda.invoke('f', { busy: true }, 'cloudformation'), lambda.invoke('f', {}, 'cloudformation')]),
  );`;

const FUNCTION =
  'exports.handler = async (event) => { console.log(process.pid); if (event.busy) await new Promise((r) => setTimeout(r, 6e5)); };';

describe('a function host that is killed', () => {
  test('ends its processes, the idle and the busy one, when it is killed', async () => {
    const folder = temporaryFolder();
    const entryPoints = [join(__dirname, 'index.ts')];
    buildSync({ entryPoints, outfile: join(folder, 'lambda.js'), bundle: true, platform: 'node', format: 'cjs' });
    writeFileSync(join(folder, 'host.js'), HOST);
    writeFileSync(join(folder, 'index.js'), FUNCTION);
    const host = spawn(process.execPath, [join(folder, 'host.js'), compileBootstrap()], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const pids: number[] = [];
    createInterface({ input: host.stdout }).on('line', (line) => pids.push(Number(line.split('\t').at(-1))));
    await until(() => pids.length === 2);
    expect(pids.map(isAlive)).toEqual([true, true]);
    host.kill('SIGKILL');
    await once(host, 'exit');
    await until(() => !pids.some(isAlive));
  });
});
