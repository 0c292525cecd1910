import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SSMClient } from '@aws-sdk/client-ssm';
import { awsConfig } from '../clients';
import type { Environment } from '../run-local';
import { edgepass, startDev } from './edgepass-command';
import { type KeyOutputs, readPrivateKey } from './private-key';
import type { SuiteTarget } from './suite-target';

const OPTIONS = [
  '--port',
  '0',
  '--api-port',
  '0',
  '--distribution-port',
  '0',
  '--edge-workers',
  '0',
  '--no-reason-header',
];

/** The ready-made stack of a local runtime, in this folder. */
export async function openLocal(folder: string): Promise<SuiteTarget> {
  const [dataDir, outputsFile] = [join(folder, 'data'), join(folder, 'outputs.json')];
  const dev = await startDev(['--data-dir', dataDir, '--outputs-file', outputsFile, ...OPTIONS]);
  try {
    const environment = JSON.parse(await edgepass(['env', '--json', '--data-dir', dataDir])) as Environment;
    const { Edgepass: outputs } = JSON.parse(readFileSync(outputsFile, 'utf8')) as { Edgepass: KeyOutputs };
    const ssm = new SSMClient(awsConfig(environment));
    const key = await readPrivateKey(ssm, outputs).finally(() => ssm.destroy());
    const distribution = { url: environment.EDGEPASS_DISTRIBUTION_URL, ...key };
    return { environment, distribution, process: dev.child, close: () => dev.stop() };
  } catch (error) {
    await dev.stop();
    throw error;
  }
}
