import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type LocalRuntime, type Ports, startLocal } from '../local';
import { printReadyBanner } from './ready-banner';
import { READY_MADE_ASSEMBLY } from './ready-made';

export interface DevOptions {
  readonly dataDir: string;
  readonly port?: number;
  readonly apiPort?: number;
  readonly distributionPort?: number;
  readonly https?: true;
  readonly httpsPort?: number;
  readonly edgeWorkers: number;
  readonly viewerCountry?: string;
  readonly outputsFile?: string;
  readonly app?: string;
  readonly followBucket?: true;
  readonly reasonHeader: boolean;
}

/** `edgepass dev`: boots the ready-made assembly, or another, and serves until SIGINT or SIGTERM. */
export async function dev(options: DevOptions): Promise<void> {
  const started = performance.now();
  const stopping = whenAskedToStop();
  const dataDir = resolve(options.dataDir);
  const local = await startLocal({
    dataDir,
    ports: portsOf(options),
    assembly: options.app === undefined ? READY_MADE_ASSEMBLY : resolve(options.app),
    followBucket: options.followBucket ?? false,
    reasonHeader: options.reasonHeader,
    https: options.https ?? false,
    edgeWorkers: options.edgeWorkers,
    prepareFunctions: true,
    ...(options.viewerCountry !== undefined && { viewerCountry: options.viewerCountry }),
    warn: (message) => console.error(`warning: ${message}`),
    log: (line) => console.log(line),
  });
  if (options.outputsFile) writeOutputs(options.outputsFile, local);
  printReadyBanner(local, { dataDir: options.dataDir, seconds: (performance.now() - started) / 1000 });
  await stopping;
  console.log('stopping');
  await local.close();
}

function portsOf({ port, apiPort, distributionPort, httpsPort }: DevOptions): Ports {
  return {
    ...(port !== undefined && { aws: port }),
    ...(apiPort !== undefined && { api: apiPort }),
    ...(distributionPort !== undefined && { distribution: distributionPort }),
    ...(httpsPort !== undefined && { https: httpsPort }),
  };
}

/** The CDK CLI's own format: stack name to outputs. */
function writeOutputs(path: string, { stackName, outputs }: LocalRuntime): void {
  writeFileSync(path, `${JSON.stringify({ [stackName]: outputs }, null, 2)}\n`);
}

/** A second signal ends the process at once, for whoever does not want to wait. */
function whenAskedToStop(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        process.once(signal, () => process.exit(130));
        resolve();
      });
    }
  });
}
