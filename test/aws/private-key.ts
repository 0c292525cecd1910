import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import type { Target } from '../conformance/replay';

/** Outputs of the ready-made stack. */
export interface KeyOutputs {
  readonly KeyPairId: string;
  readonly SigningKeyParameter: string;
}

/** The stack's own private key, so that the suite can sign what the API would not. */
export async function readPrivateKey(
  ssm: SSMClient,
  { KeyPairId: keyPairId, SigningKeyParameter: Name }: KeyOutputs,
): Promise<Omit<Target, 'url'>> {
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name, WithDecryption: true }));
  // A stack that was just made has one key, below lines that PEM readers pass over.
  return { keyPairId, privateKey: Parameter?.Value ?? '' };
}
