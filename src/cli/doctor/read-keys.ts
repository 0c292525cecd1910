import type { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import type { SSMClient } from '@aws-sdk/client-ssm';
import { awsSdk } from '../aws-sdk';
import type { KeyGeneration } from './deployed-system';

/** The variable by which the stack's functions are told the parameter with the public keys; the doctor never reads the private ones. */
const PUBLIC_KEYS_VARIABLE = 'PUBLIC_KEYS_PARAMETER';

/** Properties of a function, of a template or as they were applied. */
interface FunctionProperties {
  readonly Environment?: { readonly Variables?: Readonly<Record<string, unknown>> };
}

/** The parameter's name, as the stack tells it to its functions. @throws Error where it does not. */
export function publicKeysParameter(functions: readonly object[]): string {
  const names = functions.map((one) => (one as FunctionProperties).Environment?.Variables?.[PUBLIC_KEYS_VARIABLE]);
  const found = [...new Set(names.filter((name) => name !== undefined))];
  const [name] = found;
  if (typeof name === 'string' && found.length === 1) return name;
  throw new Error(
    found.length === 0
      ? 'the stack has no parameter with its public keys: an edgepass that rotates keys has to deploy it'
      : `the stack has ${found.length} parameters with public keys; the doctor looks at one`,
  );
}

interface PublicKeys {
  readonly keys: readonly {
    readonly keyPairId?: unknown;
    readonly createdAt?: unknown;
    readonly signsFrom?: unknown;
    readonly retiresAt?: unknown;
  }[];
}

export async function readKeys(ssm: SSMClient, Name: string): Promise<KeyGeneration[]> {
  const { GetParameterCommand } = await awsSdk('ssm');
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name }));
  return parseKeys(Name, Parameter?.Value ?? '');
}

function parseKeys(name: string, text: string): KeyGeneration[] {
  try {
    const { keys } = JSON.parse(text) as PublicKeys;
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
