/** `startLocal`, as a program calls it. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type LocalError, type LocalOptions, startLocal } from 'edgepass/local';
import { describe, expect, it, onTestFinished } from 'vitest';
import { changedAssembly, READY_MADE_ASSEMBLY, temporaryFolder } from './run-local';

const ports = { aws: 0, api: 0, distribution: 0 };

/** The error that `startLocal` rejects with. */
const refusal = (options: object): Promise<LocalError> =>
  startLocal(options as LocalOptions).then(
    () => expect.unreachable('it started'),
    (error) => error,
  );

describe('startLocal', () => {
  it('names what a client of the AWS SDK, the API and the distribution takes, and closes where its block ends', async () => {
    const dataDir = join(temporaryFolder(), 'data');
    {
      await using local = await startLocal({ dataDir, assembly: READY_MADE_ASSEMBLY, ports });
      expect({ ...local }).toMatchObject({
        stackName: 'Edgepass',
        region: local.environment.AWS_REGION,
        endpoint: local.environment.AWS_ENDPOINT_URL,
        credentials: {
          accessKeyId: local.environment.AWS_ACCESS_KEY_ID,
          secretAccessKey: local.environment.AWS_SECRET_ACCESS_KEY,
        },
        bucketName: local.outputs.BucketName,
        apiUrl: local.outputs.RestApiUrl,
        apiKey: local.environment.EDGEPASS_API_KEY,
        distributionUrl: `http://${local.outputs.DistributionDomainName}`,
      });
      expect((await fetch(`${local.distributionUrl}/a`)).status).toBe(403);
    }
    expect(existsSync(join(dataDir, 'running.json'))).toBe(false);
  });

  it('leaves out what the stack does not have', async () => {
    const folder = temporaryFolder();
    const assembly = changedAssembly(READY_MADE_ASSEMBLY, join(folder, 'assembly'), (template) => {
      template.Resources = { Topic: { Type: 'AWS::SNS::Topic' } };
      Object.assign(template, { Outputs: {} });
    });
    await using local = await startLocal({ dataDir: join(folder, 'data'), assembly, ports });
    const { bucketName, apiUrl, apiKey, distributionUrl } = local;
    expect([bucketName, apiUrl, apiKey, distributionUrl]).toEqual([undefined, undefined, undefined, undefined]);
    expect(Object.keys(local.environment).filter((name) => name.startsWith('EDGEPASS_'))).toEqual([]);
  });

  it.each([
    ['misspelt', { dataDri: 'data' }, 'startLocal has no option dataDri; did you mean dataDir?'],
    ['in lower case', { edgeworkers: 1 }, 'startLocal has no option edgeworkers; did you mean edgeWorkers?'],
    ['like no other', { verbose: true }, /^startLocal has no option verbose; there are dataDir, assembly, ports, /],
  ])('refuses an option that it does not have: %s', async (_title, options, message) => {
    expect(await refusal({ dataDir: 'unused', assembly: 'unused', ...options })).toMatchObject({
      name: 'LocalError',
      code: 'ERR_UNKNOWN_OPTION',
      message: expect.stringMatching(message),
    });
  });

  it.each([
    ['no options', undefined, /takes an object/],
    ['no data folder', { assembly: 'cdk.out' }, /dataDir .* has to be the path of a folder$/],
    ['a port by a name that no server has', { ports: { awz: 0 } }, /ports .* for aws, api, distribution, https$/],
    ['a port that is none', { ports: { aws: 65_536 } }, /ports .* from 0 to 65535/],
    ['half a process', { edgeWorkers: 0.5 }, /edgeWorkers .* a number of processes/],
    ['a word for true', { https: 'yes' }, /https .* true or false$/],
    ['no country', { viewerCountry: 'Germany' }, /viewerCountry .* two letters/],
    ['a time for a clock', { clock: new Date(0) }, /clock .* a function$/],
  ])('refuses %s', async (_title, options, message) => {
    const all = options && { dataDir: 'unused', assembly: 'unused', ...options };
    if (options && !('dataDir' in options) && 'assembly' in options) delete (all as { dataDir?: string }).dataDir;
    expect(await refusal(all as object)).toMatchObject({
      code: 'ERR_INVALID_OPTION',
      message: expect.stringMatching(message),
    });
  });

  it('refuses a clock together with edge workers', async () => {
    const options = { dataDir: 'unused', assembly: 'unused', clock: () => new Date(), edgeWorkers: 1 };
    expect((await refusal(options)).code).toBe('ERR_OPTION_CONFLICT');
  });

  it('says by codes that a port is taken, that the assembly is none, and that the stack cannot be applied', async () => {
    const folder = temporaryFolder();
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void holder.close());
    const { port } = holder.address() as { port: number };
    const dataDir = join(folder, 'data');
    const taken = { dataDir, assembly: READY_MADE_ASSEMBLY, ports: { ...ports, api: port } };
    expect((await refusal(taken)).code).toBe('ERR_PORT_TAKEN');
    mkdirSync(join(folder, 'broken'));
    writeFileSync(join(folder, 'broken', 'manifest.json'), '{');
    for (const assembly of ['nowhere', 'broken'])
      expect((await refusal({ dataDir, ports, assembly: join(folder, assembly) })).code).toBe('ERR_ASSEMBLY_INVALID');
    const transformed = changedAssembly(READY_MADE_ASSEMBLY, join(folder, 'transformed'), (template) =>
      Object.assign(template, { Transform: 'AWS::Serverless-2016-10-31' }),
    );
    expect((await refusal({ dataDir, ports, assembly: transformed })).code).toBe('ERR_STACK_FAILED');
    expect(existsSync(join(dataDir, 'running.json'))).toBe(false);
  });
});

describe('startLocal in a program', () => {
  /** Runs a program in a folder in which edgepass is installed. */
  async function runProgram(folder: string, text: string): Promise<string> {
    mkdirSync(join(folder, 'node_modules'), { recursive: true });
    symlinkSync(join(__dirname, '..'), join(folder, 'node_modules', 'edgepass'));
    writeFileSync(join(folder, 'program.mjs'), text);
    const { stdout, stderr } = spawnSync(process.execPath, ['program.mjs'], { cwd: folder, encoding: 'utf8' });
    expect(stderr).toBe('');
    return stdout;
  }

  it('takes a relative path of an assembly', async () => {
    const folder = temporaryFolder();
    cpSync(READY_MADE_ASSEMBLY, join(folder, 'cdk.out'), { recursive: true });
    const printed = await runProgram(
      folder,
      `import { startLocal } from 'edgepass/local';
      const local = await startLocal({ dataDir: 'data', assembly: 'cdk.out', ports: { aws: 0, api: 0, distribution: 0 } });
      const headers = { 'x-api-key': local.apiKey };
      console.log((await fetch(local.apiUrl + 's3objects', { headers })).status);
      await local.close();`,
    );
    expect(printed).toBe('200\n');
  });

  it('says with edge workers too that ports are taken, as a LocalError, and goes on', async () => {
    const printed = await runProgram(
      temporaryFolder(),
      `import { createServer } from 'node:http';
      import { LocalError, startLocal } from 'edgepass/local';
      const holder = createServer().listen(0, '127.0.0.1');
      await new Promise((done) => holder.once('listening', done));
      const { port } = holder.address();
      const options = { dataDir: 'data', assembly: ${JSON.stringify(READY_MADE_ASSEMBLY)}, edgeWorkers: 2 };
      for (const ports of [{ aws: 0, api: 0, distribution: port }, { aws: port, api: 0, distribution: port }])
        for (let time = 0; time < 3; time += 1)
          await startLocal({ ...options, ports }).catch((error) => console.log(error instanceof LocalError, error.code));
      holder.close();`,
    );
    expect(printed).toBe('true ERR_PORT_TAKEN\n'.repeat(6));
  });
});

describe('the types of edgepass/local', () => {
  it.each([
    ['neither the library esnext.disposable nor the types of Node.js', { lib: ['es2022'] }, 'local.close()'],
    ['the library', { lib: ['es2022', 'esnext.disposable'] }, 'local[Symbol.asyncDispose]()'],
    ['the types of Node.js', { lib: ['es2022'], types: ['node'] }, 'local[Symbol.asyncDispose]()'],
  ])('compile in a program that has %s', (_title, options, end) => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(join(__dirname, '..'), join(folder, 'node_modules', 'edgepass'));
    symlinkSync(join(__dirname, '..', 'node_modules', '@types'), join(folder, 'node_modules', '@types'));
    const compilerOptions = { strict: true, noEmit: true, module: 'nodenext', target: 'es2022', types: [], ...options };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['program.ts'] }));
    writeFileSync(
      join(folder, 'program.ts'),
      `import { LocalError, startLocal, type LocalRuntime } from 'edgepass/local';
      export async function url(): Promise<string> {
        const local: LocalRuntime = await startLocal({ dataDir: 'data', assembly: 'cdk.out' });
        // @ts-expect-error A stack may have no API.
        const url: string = local.apiUrl;
        await ${end};
        return url;
      }
      export const isTaken = (error: unknown): boolean => error instanceof LocalError && error.code === 'ERR_PORT_TAKEN';`,
    );
    const tsc = join(__dirname, '..', 'node_modules', 'typescript', 'bin', 'tsc');
    const { stdout, status } = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' });
    expect([stdout, status]).toEqual(['', 0]);
  });
});
