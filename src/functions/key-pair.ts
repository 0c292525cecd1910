import { createPublicKey } from 'node:crypto';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { generateKeyPair, importPrivateKey } from '../signing';
import { AwsCallError } from './call-aws';
import { answerCloudFormation } from './cloudformation-answer';
import { callParameterStore, getSecureString } from './parameter-store';

/**
 * The custom resource that owns the signing key pair: makes it inside the account, keeps the private key as a SecureString,
 * and answers the public key. The private key appears in no template, event, answer or log.
 */
export async function handler(event: CloudFormationCustomResourceEvent): Promise<void> {
  await answerCloudFormation(event, async () => {
    const parameterName = String(event.ResourceProperties.ParameterName);
    if (event.RequestType === 'Delete') {
      await deleteParameter(event.PhysicalResourceId);
      return { physicalResourceId: event.PhysicalResourceId, data: {} };
    }
    return { physicalResourceId: parameterName, data: { PublicKey: await publicKeyOf(parameterName) } };
  });
}

/** CloudFormation may send an event twice: a key that is there already is kept, for links may have been signed with it. */
async function publicKeyOf(parameterName: string): Promise<string> {
  const pair = generateKeyPair({ keyType: 'RSA' });
  try {
    await callParameterStore('PutParameter', {
      Name: parameterName,
      Type: 'SecureString',
      Value: pair.privateKey,
      Overwrite: false,
    });
    return pair.publicKey;
  } catch (error) {
    if (!isCode(error, 'ParameterAlreadyExists')) throw error;
    const { keyObject } = importPrivateKey(await getSecureString(parameterName));
    return createPublicKey(keyObject).export({ type: 'spki', format: 'pem' }).toString();
  }
}

async function deleteParameter(name: string): Promise<void> {
  // After a failed Create the physical id is CloudFormation's own, not a parameter's name.
  if (!name.startsWith('/')) return;
  await callParameterStore('DeleteParameter', { Name: name }).catch((error) => {
    if (!isCode(error, 'ParameterNotFound')) throw error;
  });
}

const isCode = (error: unknown, code: string): boolean => error instanceof AwsCallError && error.code === code;
