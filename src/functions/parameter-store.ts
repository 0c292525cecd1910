import { AwsCallError, callAws } from './call-aws';

/** Calls one Parameter Store operation (JSON 1.1 protocol). */
export async function callParameterStore(operation: string, input: object): Promise<Record<string, unknown>> {
  const { status, body } = await callAws({
    service: 'ssm',
    method: 'POST',
    host: `ssm.${process.env.AWS_REGION}.amazonaws.com`,
    path: '/',
    headers: { 'Content-Type': 'application/x-amz-json-1.1', 'X-Amz-Target': `AmazonSSM.${operation}` },
    body: JSON.stringify(input),
  });
  const output = JSON.parse(body || '{}') as Record<string, unknown>;
  if (status === 200) return output;
  // The error's name may come with its namespace: `com.amazonaws.ssm#ParameterNotFound`.
  const code = String(output.__type ?? 'Unknown').replace(/^.*#/, '');
  throw new AwsCallError('ssm', code, status, String(output.message ?? output.Message ?? code));
}

/** Reads a SecureString, decrypted. */
export async function getSecureString(name: string): Promise<string> {
  const { Parameter } = await callParameterStore('GetParameter', { Name: name, WithDecryption: true });
  return (Parameter as { Value: string }).Value;
}
