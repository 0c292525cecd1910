import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { onTestFinished } from 'vitest';
import { machineClock } from '../clock';
import type { ResourceRequest } from '../cloudformation/resource-type';
import { authorize } from '../iam/authorize';
import { type Lambda, type LambdaOptions, type LogLine, openLambda } from '.';

/** A function host for one test, and the functions that it runs. */
export interface LambdaFixture {
  readonly lambda: Lambda;
  readonly logs: readonly LogLine[];
  /** Applies a function with this module text; answers its name. */
  define(source: string, properties?: Record<string, unknown>): Promise<string>;
  /** Invokes as CloudFormation does, and parses the payload. */
  invoke(name: string, event?: unknown): Promise<{ payload: unknown; functionError?: string }>;
}

export function startLambda(options: Partial<LambdaOptions> = {}): LambdaFixture {
  const logs: LogLine[] = [];
  const lambda = openLambda({
    region: 'us-east-1',
    accountId: '123456789012',
    authorize,
    now: machineClock,
    localEnvironment: { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' },
    issueCredentials: (roleArn) => ({ accessKeyId: 'ASIAEXAMPLE', secretAccessKey: 'secret', sessionToken: roleArn }),
    findAsset: (_bucket, key) => key,
    log: (line) => logs.push(line),
    bootstrapFile: compileBootstrap(),
    ...options,
  });
  onTestFinished(() => lambda.close());
  let count = 0;
  return {
    lambda,
    logs,
    async define(source, properties = {}) {
      count += 1;
      const request = functionRequest(`Function${count}`, { Code: { ZipFile: source }, ...properties });
      const { physicalId } = (await lambda.resourceTypes['AWS::Lambda::Function']?.apply(request)) ?? {};
      return physicalId ?? '';
    },
    async invoke(name, event = {}) {
      const { payload, ...rest } = await lambda.invoke(name, event, 'cloudformation');
      return { payload: JSON.parse(payload), ...rest };
    },
  };
}

export function functionRequest(logicalId: string, properties: Record<string, unknown>): ResourceRequest {
  return {
    logicalId,
    properties: {
      Handler: 'index.handler',
      Runtime: 'nodejs24.x',
      Role: 'arn:aws:iam::123456789012:role/lister',
      ...properties,
    },
    stack: STACK,
  };
}

export const STACK: ResourceRequest['stack'] = {
  stackName: 'Edgepass',
  stackId: 'arn:aws:cloudformation:us-east-1:123456789012:stack/Edgepass/1',
  region: 'us-east-1',
  accountId: '123456789012',
  partition: 'aws',
  urlSuffix: 'amazonaws.com',
};

/** A folder with these files, as an unzipped asset. */
export function assetFolder(files: Record<string, string>): string {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

/** The tests run the sources, so the child's program is compiled here: the built one could be an old one. */
export function compileBootstrap(): string {
  const outfile = join(temporaryFolder(), 'bootstrap.js');
  const entry = join(__dirname, 'runtime', 'bootstrap.ts');
  buildSync({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'cjs', target: 'node20' });
  return outfile;
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'edgepass-lambda-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // Z, on Linux: it has ended, and whoever inherited it has not looked yet.
    return !existsSync('/proc/self') || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Waits until it holds; the test's own time limit is the only one. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
}
