import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import type { Target } from '../conformance/replay';

/** The stack's own private key, so that the suite can sign what the API would not. */
export async function readPrivateKey(
  ssm: SSMClient,
  stackName: string,
  keyPairId: string,
): Promise<Omit<Target, 'url'>> {
  const Name = `/edgepass/${stackName}/signing-key/1`;
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name, WithDecryption: true }));
  return { keyPairId, privateKey: Parameter?.Value ?? '' };
}
