import { expect, it } from 'vitest';
import { JWT, MAXIMUM } from './contents';
import { environmentOf, nameOf, ofType, privileges, type Resources, synthesizeContent } from './read-template';

const minimal = synthesizeContent();
const maximum = synthesizeContent(MAXIMUM);

const logs = (name: string): string[] =>
  ['logs:CreateLogStream', 'logs:PutLogEvents'].map((action) => `${action} <${name}Logs.Arn>`);
const BUCKET = '<Bucket.Arn>';
const READ_KEY = 'ssm:GetParameter arn::ssm:::parameter/edgepass/Edgepass/PrivateContent/signing-key';
const READ_PUBLIC_KEYS = 'ssm:GetParameter arn::ssm:::parameter/edgepass/Edgepass/PrivateContent/public-keys';

it.each<[string, Resources, string[]]>([
  ['ApiLister', minimal, [`s3:ListBucket ${BUCKET}`]],
  ['ApiSigner', minimal, [`s3:GetObject ${BUCKET}/*`, `s3:ListBucket ${BUCKET}`, READ_KEY]],
  ['ApiExplainer', minimal, [READ_PUBLIC_KEYS]],
  ['ApiDescriber', minimal, []],
  ['ApiAuthorizerVerifier', synthesizeContent({ auth: JWT }), []],
  ['ApiDeleter', maximum, [`s3:DeleteObject ${BUCKET}/*`]],
  [
    'ApiUploader',
    maximum,
    [
      `s3:AbortMultipartUpload ${BUCKET}/in/*`,
      `s3:GetObject ${BUCKET}/_s/idempotency/*`,
      `s3:PutObject ${BUCKET}/_s/idempotency/*`,
      `s3:PutObject ${BUCKET}/in/*`,
    ],
  ],
  [
    'ApiUploader',
    synthesizeContent({ uploads: {} }),
    [
      `s3:AbortMultipartUpload ${BUCKET}/*`,
      `s3:GetObject ${BUCKET}/_s/idempotency/*`,
      `s3:PutObject ${BUCKET}/*`,
      `s3:PutObject ${BUCKET}/_s/idempotency/*`,
    ],
  ],
])('%s may do exactly what it has to', (name, resources, expected) => {
  expect(privileges(resources, name)).toEqual([...logs(name), ...expected].sort());
});

it('gives no other role a privilege', () => {
  const roles = (resources: Resources): string[] =>
    ofType(resources, 'AWS::IAM::Role')
      .map(([id]) => nameOf(id))
      .sort();
  const always = ['ApiDescriberRole', 'ApiExplainerRole', 'ApiListerRole', 'ApiSignerRole', 'SigningKeyKeeperRole'];
  expect(roles(minimal)).toEqual(always);
  expect(roles(maximum)).toEqual([...always, 'ApiDeleterRole', 'ApiUploaderRole'].sort());
  expect(roles(synthesizeContent({ auth: JWT }))).toEqual([...always, 'ApiAuthorizerVerifierRole'].sort());
});

it('tells each function what it needs', () => {
  const callers = { AUTH: 'apiKey', SCOPES: 'list sign' };
  expect(environmentOf(minimal, 'ApiLister')).toEqual({ ...callers, BUCKET_NAME: '<Bucket>' });
  expect(environmentOf(minimal, 'ApiSigner')).toEqual({
    ...callers,
    BUCKET_NAME: '<Bucket>',
    DISTRIBUTION_DOMAIN_NAME: '<Distribution.DomainName>',
    MIN_LIFETIME_SECONDS: '1',
    LINK_LIFETIME_SECONDS: '43200',
    MAX_LIFETIME_SECONDS: '604800',
    SIGNING_KEY_PARAMETER: '/edgepass/Edgepass/PrivateContent/signing-key',
  });
  expect(environmentOf(minimal, 'ApiDescriber')).toEqual(callers);
});

it('tells the functions the scopes, lifetimes, limits and origins of a stack that says them', () => {
  const callers = {
    AUTH: 'apiKey',
    SCOPES: 'list sign;max=3600 upload',
    CORS_ALLOWED_ORIGINS: 'https://app.example.com,https://b.example',
  };
  expect(environmentOf(maximum, 'ApiSigner')).toMatchObject({
    ...callers,
    MIN_LIFETIME_SECONDS: '60',
    LINK_LIFETIME_SECONDS: '300',
    MAX_LIFETIME_SECONDS: '86400',
  });
  expect(environmentOf(maximum, 'ApiDeleter')).toEqual({ ...callers, BUCKET_NAME: '<Bucket>' });
  expect(environmentOf(maximum, 'ApiUploader')).toEqual({
    ...callers,
    BUCKET_NAME: '<Bucket>',
    UPLOAD_MAX_SIZE: '104857600',
    UPLOAD_CONTENT_TYPES: 'image/*',
    UPLOAD_PREFIX: 'in/',
  });
});

it('tells the explaining function where the public keys are', () => {
  expect(environmentOf(minimal, 'ApiExplainer')).toMatchObject({
    PUBLIC_KEYS_PARAMETER: '/edgepass/Edgepass/PrivateContent/public-keys',
  });
});
