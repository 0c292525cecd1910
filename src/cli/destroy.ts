import { setTimeout as sleep } from 'node:timers/promises';
import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { awsSdk } from './aws-sdk';
import { type AwsOptions, clientConfig, findTarget } from './aws-target';
import { findStack, listResources, readTemplate } from './cloudformation-stack';
import { confirmByName, requireTerminal } from './confirm';
import { type DeployedResource, planDeletion } from './deletion-plan';

export interface DestroyOptions extends AwsOptions {
  readonly stack: string;
  readonly force?: true;
  readonly json?: true;
}

const POLL_MS = 10_000;

/**
 * `edgepass destroy`: what goes and what is kept, read from the deployed stack → ask → delete the stack → wait until it is gone.
 * It needs no CDK and no sources: CloudFormation deletes with the role that deployed.
 */
export async function destroy({ stack, force, json, ...options }: DestroyOptions): Promise<void> {
  const say = json ? console.error : console.log;
  if (!force) requireTerminal('edgepass destroy');
  const target = await findTarget(options);
  const { CloudFormationClient } = await awsSdk('cloudformation');
  const client = new CloudFormationClient(clientConfig(target));
  try {
    const stackId = await findStack(client, stack, target.region);
    const plan = planDeletion(await readResources(client, stackId));
    say(`${stack}, account ${target.accountId}, region ${target.region}\n\n${plan.text}`);
    if (!force && !(await confirmByName(`Destroy ${stack}?`, stack))) throw new Error('nothing was destroyed');
    await deleteStack(client, stackId, say);
    say(`${stack} is gone`);
    if (json) console.log(JSON.stringify({ stack, destroyed: true, kept: plan.kept }, null, 2));
  } finally {
    client.destroy();
  }
}

/** What the stack has, and what its template says of each thing's end. */
async function readResources(client: CloudFormationClient, StackName: string): Promise<DeployedResource[]> {
  const { Resources } = await readTemplate(client, StackName);
  return (await listResources(client, StackName)).map(
    ({ LogicalResourceId = '', PhysicalResourceId, ResourceType }) => ({
      type: ResourceType ?? '',
      physicalId: PhysicalResourceId ?? LogicalResourceId,
      deletionPolicy: Resources[LogicalResourceId]?.DeletionPolicy ?? 'Delete',
    }),
  );
}

/** @throws Error naming what could not be deleted. */
async function deleteStack(
  client: CloudFormationClient,
  StackName: string,
  say: (line: string) => void,
): Promise<void> {
  const { DeleteStackCommand, DescribeStacksCommand } = await awsSdk('cloudformation');
  await client.send(new DeleteStackCommand({ StackName }));
  say('\ndeleting; CloudFront takes some minutes to let a distribution go');
  for (;;) {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName }));
    const { StackStatus: status, StackStatusReason: reason = '' } = Stacks[0] ?? {};
    if (status === 'DELETE_COMPLETE') return;
    // What was in progress when the deletion was asked for may still be told for a moment.
    if (!status?.endsWith('_IN_PROGRESS')) {
      const stuck = (await listResources(client, StackName))
        .filter(({ ResourceStatus }) => ResourceStatus === 'DELETE_FAILED')
        .map((one) => `\n  ${one.ResourceType} ${one.PhysicalResourceId}: ${one.ResourceStatusReason ?? ''}`);
      throw new Error(
        `the stack is not gone (${status ?? 'unknown'}): ${reason}${stuck.join('')}\nrun it again to go on`,
      );
    }
    await sleep(POLL_MS);
  }
}
