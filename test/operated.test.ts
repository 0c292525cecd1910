import { join } from 'node:path';
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { PrivateContent } from 'edgepass/cdk';
import { type LocalRuntime, startLocal } from 'edgepass/local';
import { describe, expect, it, onTestFinished } from 'vitest';
import { MAXIMUM, OPERATED } from './cdk/contents';
import { callApi, postUrls, signedUrl } from './clients';
import { type Environment, temporaryFolder } from './run-local';

/** A production stack: a topic with a subscriber, everything of OPERATED. */
function synthesize(folder: string): string {
  const app = new App({ analyticsReporting: false, outdir: join(folder, 'assembly') });
  const stack = new Stack(app, 'Edgepass');
  const topic = new Topic(stack, 'Topic', { enforceSSL: true });
  topic.addSubscription(new EmailSubscription('ops@example.com'));
  const { bucket, operations } = new PrivateContent(stack, 'PrivateContent', {
    ...MAXIMUM,
    ...OPERATED,
    alarms: { topic },
  });
  new CfnOutput(stack, 'BucketName', { value: bucket.bucketName });
  const [alarm] = operations.alarms?.unconditionalAlarms ?? [];
  if (alarm) new CfnOutput(stack, 'AlarmArn', { value: alarm.alarmArn });
  return app.synth().directory;
}

async function boot(dataDir: string, assembly: string): Promise<{ local: LocalRuntime; warnings: string[] }> {
  const warnings: string[] = [];
  const ports = { aws: 0, api: 0, distribution: 0 };
  const local = await startLocal({ dataDir, assembly, ports, warn: (message) => warnings.push(message) });
  return { local, warnings };
}

describe('a stack with operations', () => {
  it('boots locally with everything turned on, twice, and says at each boot that no web ACL keeps anything away', async () => {
    const folder = temporaryFolder();
    const assembly = synthesize(folder);
    const dataDir = join(folder, 'data');
    const first = await boot(dataDir, assembly);
    await first.local.close();
    const { local, warnings } = await boot(dataDir, assembly);
    onTestFinished(() => local.close());
    for (const told of [first.warnings, warnings])
      expect(told).toEqual([
        expect.stringMatching(/^PrivateContentDistribution.*: the local runtime has no web ACLs, and serves/),
      ]);
    // The same names at both boots.
    expect(local.outputs).toEqual(first.local.outputs);
    expect(local.outputs.AlarmArn).toMatch(/^arn:aws:cloudwatch:us-east-1:\d{12}:alarm:Edgepass-/);
    const environment = local.environment as unknown as Environment;
    expect((await callApi(environment, 's3objects')).status).toBe(200);
    expect((await postUrls(environment, { file: 'a' })).status).toBe(201);
    const answer = await fetch(await signedUrl(environment, 'a'));
    expect([answer.status, answer.headers.get('server')]).toEqual([403, 'AmazonS3']);
  });
});
