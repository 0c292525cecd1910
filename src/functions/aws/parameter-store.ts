import { AwsCallError, callAws, ignoreCode } from './call-aws';

/** Nobody waits for a change; an account may write three a second. */
const CHANGE_ATTEMPTS = 5;

/** Calls one Parameter Store operation (JSON 1.1 protocol). */
export async function callParameterStore(operation: string, input: object): Promise<Record<string, unknown>> {
  const { status, body } = await callAws({
    service: 'ssm',
    method: 'POST',
    host: `ssm.${process.env.AWS_REGION}.amazonaws.com`,
    path: '/',
    headers: { 'Content-Type': 'application/x-amz-json-1.1', 'X-Amz-Target': `AmazonSSM.${operation}` },
    body: JSON.stringify(input),
    ...(operation !== 'GetParameter' && { attempts: CHANGE_ATTEMPTS }),
  });
  const output = JSON.parse(body || '{}') as Record<string, unknown>;
  if (status === 200) return output;
  // The error's name may come with its namespace: `com.amazonaws.ssm#ParameterNotFound`.
  const code = String(output.__type ?? 'Unknown').replace(/^.*#/, '');
  throw new AwsCallError('ssm', code, status, String(output.message ?? output.Message ?? code));
}

/**
 * Writes a parameter, of the standard tier whatever the account's default is: an advanced one costs money, and needs
 * `kms:GenerateDataKey`. Source: Systems Manager User Guide, "Managing parameter tiers". @returns Its version.
 */
export async function putParameter(input: {
  readonly Name: string;
  readonly Type: 'String' | 'SecureString';
  readonly Value: string;
  readonly Overwrite: boolean;
  readonly KeyId?: string;
}): Promise<number> {
  return Number((await callParameterStore('PutParameter', { ...input, Tier: 'Standard' })).Version);
}

/** Reads a parameter; a SecureString decrypted. */
export async function getParameter(name: string): Promise<string> {
  const { Parameter } = await callParameterStore('GetParameter', { Name: name, WithDecryption: true });
  return (Parameter as { Value: string }).Value;
}

/** Reads a parameter that may not exist. */
export async function findParameter(name: string): Promise<string | undefined> {
  return getParameter(name).catch(ignoreCode('ParameterNotFound'));
}

/** Deletes a parameter that may not exist. */
export async function deleteParameter(name: string): Promise<void> {
  await callParameterStore('DeleteParameter', { Name: name }).catch(ignoreCode('ParameterNotFound'));
}
