import { describe, expect, it } from 'vitest';
import { MAXIMUM } from './contents';
import { environmentOf, synthesizeContent } from './read-template';

const minimal = synthesizeContent();
const maximum = synthesizeContent(MAXIMUM);

describe("the API's functions", () => {
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
    expect(environmentOf(minimal, 'ApiDescriber')).toEqual({
      ...callers,
      MIN_LIFETIME_SECONDS: '1',
      MAX_LIFETIME_SECONDS: '604800',
    });
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

  it('tells the describing function which features there are, and their bounds', () => {
    expect(environmentOf(maximum, 'ApiDescriber')).toMatchObject({
      FEATURES: 'uploads,deletes',
      UPLOAD_MAX_SIZE: '104857600',
      UPLOAD_PREFIX: 'in/',
    });
  });

  it('tells the explaining function where the public keys are', () => {
    expect(environmentOf(minimal, 'ApiExplainer')).toMatchObject({
      PUBLIC_KEYS_PARAMETER: '/edgepass/Edgepass/PrivateContent/public-keys',
    });
  });
});
