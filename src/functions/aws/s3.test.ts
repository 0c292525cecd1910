import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { presignPut } from '../upload/presign-put';
import { objectAddress } from './s3';

beforeEach(() => {
  vi.stubEnv('AWS_ENDPOINT_URL', undefined);
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAIOSFODNN7EXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY');
  vi.stubEnv('BUCKET_NAME', 'mine');
});
afterEach(() => vi.unstubAllEnvs());

/** The address of an upload, and the region that its signature is for. */
function upload(): readonly [host: string, region: string | undefined] {
  const { url } = presignPut({ key: 'a', size: 1, headers: {}, lifetimeSeconds: 60 }).request;
  const { host, searchParams } = new URL(url);
  return [host, searchParams.get('X-Amz-Credential')?.split('/')[2]];
}

describe('a call to S3', () => {
  it('asks a bucket in the function’s region', () => {
    expect(objectAddress('a/b').host).toBe('mine.s3.us-east-1.amazonaws.com');
    expect(upload()).toEqual(['mine.s3.us-east-1.amazonaws.com', 'us-east-1']);
  });

  it('asks a bucket of another region there, and signs for it', () => {
    vi.stubEnv('BUCKET_REGION', 'eu-west-1');
    expect(objectAddress('a/b').host).toBe('mine.s3.eu-west-1.amazonaws.com');
    expect(upload()).toEqual(['mine.s3.eu-west-1.amazonaws.com', 'eu-west-1']);
  });

  it('asks the local runtime in its one region, wherever the bucket is on AWS', () => {
    vi.stubEnv('BUCKET_REGION', 'eu-west-1');
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:4566');
    expect(upload()).toEqual(['127.0.0.1:4566', 'us-east-1']);
  });
});
