import { Aws } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { checkEnvironmentSize } from './environment-size';
import { PropertyError } from './property-error';

/** `{"SCOPES":"…"}` of so many bytes. */
const sized = (bytes: number) => ({ SCOPES: 'x'.repeat(bytes - '{"SCOPES":""}'.length) });

describe("a function's environment", () => {
  it('takes as much as Lambda does, beside what only the deployment knows', () => {
    expect(() => checkEnvironmentSize({ ...sized(4096), BUCKET_NAME: Aws.STACK_NAME })).not.toThrow();
  });

  it('refuses more, and names the longest property', () => {
    const refusal = (environment: Record<string, string>): unknown => {
      try {
        return checkEnvironmentSize(environment);
      } catch (error) {
        return error;
      }
    };
    const error = refusal(sized(4097)) as PropertyError;
    expect(error).toBeInstanceOf(PropertyError);
    expect([error.property, error.message]).toEqual(['auth.scopes', expect.stringContaining('4097 bytes')]);
    const origins = refusal({
      SCOPES: 'list',
      CORS_ALLOWED_ORIGINS: 'https://é.example,'.repeat(250),
    }) as PropertyError;
    expect(origins.property).toBe('corsAllowedOrigins');
  });
});
