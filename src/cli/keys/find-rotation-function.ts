import { join } from 'node:path';
import type { LambdaClientConfig } from '@aws-sdk/client-lambda';
import { openStackState } from '../../local/cloudformation/stack-state';
import { requireRunningLocal } from '../../local/data-dir/running-local';
import { awsSdk } from '../aws-sdk';
import { type AwsOptions, clientConfig, findTarget } from '../aws-target';
import { findStack, listResources, readTemplate } from '../cloudformation-stack';

/** The function that rotates a stack's signing keys, and how it is reached. */
export interface RotationFunction {
  /** The stack's name, or the data folder of the local runtime. */
  readonly owner: string;
  readonly functionName: string;
  readonly client: LambdaClientConfig;
}

/** The custom resource of the construct `SigningKey`. */
const KEYS = 'Custom::EdgepassSigningKeys';

/** Finds it in the local runtime. @throws Error where none runs, or its stack has no keys that rotate. */
export async function findLocalFunction(dataDir: string): Promise<RotationFunction> {
  const { environment } = await requireRunningLocal(dataDir);
  const resources = [...openStackState(join(dataDir, 'stack.json')).resources.values()];
  const tokens = resources.filter(({ type }) => type === KEYS).map(({ properties }) => properties.ServiceToken);
  const { AWS_ENDPOINT_URL: endpoint = '', AWS_REGION: region = '' } = environment;
  const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '' } = environment;
  return {
    owner: dataDir,
    functionName: onlyOne(tokens.map(String), `the local runtime in ${dataDir}`),
    client: { endpoint, region, credentials: { accessKeyId, secretAccessKey } },
  };
}

/** Finds it in a stack on AWS. @throws Error where there is no such stack, or it has no keys that rotate. */
export async function findDeployedFunction(stack: string, options: AwsOptions): Promise<RotationFunction> {
  const target = await findTarget(options);
  const { CloudFormationClient } = await awsSdk('cloudformation');
  const client = new CloudFormationClient(clientConfig(target));
  try {
    const stackId = await findStack(client, stack, target.region);
    const { Resources } = await readTemplate(client, stackId);
    const logicalIds = Object.values(Resources)
      .filter(({ Type }) => Type === KEYS)
      .map(({ Properties }) => logicalIdOf(Properties));
    const logicalId = onlyOne(logicalIds, `the stack ${stack}`);
    const found = (await listResources(client, stackId)).find(
      ({ LogicalResourceId }) => LogicalResourceId === logicalId,
    );
    if (!found?.PhysicalResourceId) throw new Error(`the function ${logicalId} of the stack ${stack} is not there`);
    return { owner: stack, functionName: found.PhysicalResourceId, client: clientConfig(target) };
  } finally {
    client.destroy();
  }
}

function logicalIdOf(properties: object = {}): string {
  const { ServiceToken } = properties as { ServiceToken?: { 'Fn::GetAtt'?: readonly string[] } };
  return ServiceToken?.['Fn::GetAtt']?.[0] ?? '';
}

function onlyOne(found: readonly string[], where: string): string {
  const [one] = found;
  if (one !== undefined && found.length === 1) return one;
  throw new Error(
    found.length === 0
      ? `${where} has no signing keys that rotate: deploy it with this version of edgepass first`
      : `${where} has ${found.length} contents with keys of their own: invoke one of ${found.join(', ')} with the payload {"operation":"Rotate"}`,
  );
}
