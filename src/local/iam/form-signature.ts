import { createHmac, timingSafeEqual } from 'node:crypto';
import type { AccessKey } from './principal';
import { SignatureError } from './signature-error';
import { deriveSigningKey, type VerifyOptions } from './signature-v4';
import { readCredential } from './stated-signature';

/**
 * Verifies the signature over a browser form's policy. Whether the policy holds is the service's to decide.
 * Source: Amazon S3 API Reference, "Authenticating requests in browser-based uploads using POST".
 */
export function verifyFormSignature(fields: ReadonlyMap<string, string>, options: VerifyOptions): AccessKey {
  const required = (name: string): string => {
    const value = fields.get(name);
    if (value) return value;
    throw new SignatureError('AccessDenied', `Bucket POST must contain a field named '${name}'.`);
  };
  if (fields.has('awsaccesskeyid')) throw new SignatureError('InvalidRequest');
  const policy = required('policy');
  if (required('x-amz-algorithm') !== 'AWS4-HMAC-SHA256')
    throw new SignatureError('AccessDenied', 'x-amz-algorithm only supports "AWS4-HMAC-SHA256"');
  const malformed = (detail: string): SignatureError => new SignatureError('AuthorizationQueryParametersError', detail);
  const credential = readCredential(required('x-amz-credential'), malformed);
  if (credential.region !== options.region || credential.service !== 's3')
    throw malformed(`the credential has to be for ${options.region}/s3`);
  if (!required('x-amz-date').startsWith(credential.date))
    throw malformed('the date of the credential is not x-amz-date');
  const accessKey = options.findAccessKey(credential.accessKeyId);
  if (!accessKey) throw new SignatureError('InvalidAccessKeyId');
  if (fields.get('x-amz-security-token') !== accessKey.sessionToken) throw new SignatureError('InvalidToken');
  const expected = createHmac('sha256', deriveSigningKey(accessKey.secretAccessKey, credential))
    .update(policy)
    .digest();
  const given = Buffer.from(required('x-amz-signature'), 'hex');
  if (given.length !== expected.length || !timingSafeEqual(given, expected))
    throw new SignatureError('SignatureDoesNotMatch');
  return accessKey;
}
