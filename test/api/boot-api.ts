import { join } from 'node:path';
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { PrivateContent, type PrivateContentProps } from 'edgepass/cdk';
import { type Client, createClient } from 'edgepass/client';
import { type LocalRuntime, startLocal } from 'edgepass/local';
import type { Environment } from '../run-local';

/** A local runtime of a stack with one `PrivateContent`, and a client of its API. */
export interface LocalApi {
  readonly local: LocalRuntime;
  readonly dataDir: string;
  readonly environment: Environment;
  readonly client: Client;
  close(): Promise<void>;
}

/** The assembly of such a stack. */
export function synthesizeApi(folder: string, props: PrivateContentProps): string {
  const app = new App({ analyticsReporting: false, outdir: join(folder, 'assembly') });
  const stack = new Stack(app, 'Edgepass');
  const { bucket, signingKey } = new PrivateContent(stack, 'PrivateContent', props);
  new CfnOutput(stack, 'BucketName', { value: bucket.bucketName });
  new CfnOutput(stack, 'KeyPairId', { value: signingKey.keyPairId });
  return app.synth().directory;
}

export async function bootApi(folder: string, assembly: string, clock?: () => Date): Promise<LocalApi> {
  const dataDir = join(folder, 'data');
  const ports = { aws: 0, api: 0, distribution: 0 };
  const local = await startLocal({ dataDir, assembly, ports, ...(clock && { clock }) });
  const environment = local.environment as unknown as Environment;
  const client = createClient({ url: environment.EDGEPASS_API_URL, apiKey: environment.EDGEPASS_API_KEY, retries: 0 });
  return { local, dataDir, environment, client, close: () => local.close() };
}
