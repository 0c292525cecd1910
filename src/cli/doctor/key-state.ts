import type { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import type { SSMClient } from '@aws-sdk/client-ssm';
import { awsSdk } from '../aws-sdk';
import type { KeyGeneration } from './deployed-system';

/** What anybody may know of the stack's key pairs; the private keys are in another parameter, which the doctor never reads. */
const publicKeysParameter = (stackName: string): string => `/edgepass/${stackName}/public-keys`;

interface PublicKeys {
  readonly keys?: readonly {
    readonly keyPairId?: unknown;
    readonly createdAt?: unknown;
    readonly signsFrom?: unknown;
    readonly retiresAt?: unknown;
  }[];
}

export async function readKeys(ssm: SSMClient, stackName: string): Promise<KeyGeneration[]> {
  const { GetParameterCommand } = await awsSdk('ssm');
  const Name = publicKeysParameter(stackName);
  try {
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name }));
    return parseKeys(Name, Parameter?.Value ?? '');
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ParameterNotFound')) throw error;
    throw new Error(`there is no parameter ${Name}: an edgepass that writes it has to deploy the stack`);
  }
}

function parseKeys(name: string, text: string): KeyGeneration[] {
  try {
    const { keys = [] } = JSON.parse(text) as PublicKeys;
    return keys.map(({ keyPairId, createdAt, signsFrom, retiresAt }) => {
      if (typeof keyPairId !== 'string') throw new Error('keyPairId');
      return {
        keyPairId,
        createdAt: dateOf(createdAt),
        signsFrom: dateOf(signsFrom),
        retiresAt: retiresAt === undefined ? undefined : dateOf(retiresAt),
      };
    });
  } catch {
    throw new Error(`the parameter ${name} does not hold what edgepass writes there`);
  }
}

function dateOf(value: unknown): Date {
  const date = new Date(typeof value === 'string' ? value : Number.NaN);
  if (Number.isNaN(date.getTime())) throw new Error('no date');
  return date;
}

/** Public key ids by key group. */
export async function readKeyGroups(
  cloudFront: CloudFrontClient,
  ids: readonly string[],
): Promise<Record<string, readonly string[]>> {
  const { GetKeyGroupCommand } = await awsSdk('cloudfront');
  const groups = await Promise.all(
    ids.map(async (Id) => {
      const { KeyGroup } = await cloudFront.send(new GetKeyGroupCommand({ Id }));
      return [Id, KeyGroup?.KeyGroupConfig?.Items ?? []] as const;
    }),
  );
  return Object.fromEntries(groups);
}
