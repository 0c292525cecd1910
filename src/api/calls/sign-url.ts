import type { FunctionRow } from './function-row';
import { BODY, GRANT, KEY } from './problem-sets';

export const signUrl: FunctionRow<'signUrls' | 'signFolder'> = {
  bundle: 'sign-url',
  id: 'Signer',
  description: 'POST /urls and POST /folders: signs URLs and cookies of the distribution',
  environment: [
    'BUCKET_NAME',
    'BUCKET_REGION',
    'DISTRIBUTION_DOMAIN_NAME',
    'MIN_LIFETIME_SECONDS',
    'LINK_LIFETIME_SECONDS',
    'MAX_LIFETIME_SECONDS',
    'SIGNING_KEY_PARAMETER',
  ],
  permissions: [
    { allow: ['ssm:GetParameter'], on: "the signing key's parameter" },
    { allow: ['kms:Decrypt'], on: "the signing key's KMS key" },
    // For `mustExist`: HeadObject; without ListBucket S3 answers 403 in place of 404.
    { allow: ['s3:GetObject'], on: 'bucket/*' },
    { allow: ['s3:ListBucket'], on: 'bucket' },
    { allow: ['kms:Decrypt'], on: "the bucket's KMS key" },
  ],
  calls: {
    signUrls: {
      method: 'POST',
      path: '/urls',
      action: 'sign',
      summary: 'Signs a URL of the distribution for one object, or for each of many.',
      status: 201,
      problems: [...BODY, 'ERR_MISSING_FILE', ...KEY, ...GRANT, 'ERR_NO_SUCH_OBJECT'],
    },
    signFolder: {
      method: 'POST',
      path: '/folders',
      action: 'sign',
      summary: 'Signs once for all objects whose keys begin with a prefix, as a query and as cookies.',
      status: 201,
      headers: { 'Set-Cookie': 'One of the cookies. The header comes once for each.' },
      problems: [...BODY, 'ERR_MISSING_FIELD', ...KEY, ...GRANT],
    },
  },
};
