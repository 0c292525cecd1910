import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Aws, CfnParameter, Duration, Lazy, Size, Stack } from 'aws-cdk-lib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { PropertyError } from '../base/property-error';
import { ApiAuth } from './api-auth';
import type { ApiScope } from './api-scope';
import { type ApiProps, readApiSettings } from './api-settings';

/** The variables of every function. */
function environmentOf(props: ApiProps) {
  const { auth, scopes, corsVariable } = readApiSettings(props);
  return {
    AUTH: auth.kind,
    ...(scopes !== undefined && { SCOPES: scopes }),
    ...(corsVariable !== undefined && { CORS_ALLOWED_ORIGINS: corsVariable }),
  };
}
const operationsOf = (props: ApiProps) => readApiSettings(props).calls.map(({ operationId }) => operationId);

function refusal(what: () => unknown): PropertyError {
  try {
    what();
  } catch (error) {
    if (error instanceof PropertyError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

describe("the API's settings", () => {
  it('is closed without properties: an API key, which lists and signs', () => {
    const settings = readApiSettings({});
    expect(environmentOf({})).toEqual({ AUTH: 'apiKey', SCOPES: 'list sign' });
    expect(Object.values(settings.lifetimes).map((lifetime) => lifetime.toSeconds())).toEqual([1, 43_200, 604_800]);
    expect(operationsOf({})).toEqual(['listObjects', 'signUrls', 'signFolder', 'explain', 'describe', 'health']);
  });

  it('has routes and scopes for what is enabled', () => {
    const props = { uploads: {}, deletes: true };
    expect(operationsOf(props)).toEqual(expect.arrayContaining(['createUpload', 'abortUpload', 'deleteObject']));
    expect(environmentOf(props)).toMatchObject({ SCOPES: 'list sign upload delete' });
  });

  it('prints the scopes of every caller as functions read them', () => {
    const scopes: ApiScope[] = [
      { action: 'list', prefix: 'a b/' },
      { action: 'sign', maxLifetime: Duration.minutes(1) },
    ];
    for (const auth of [ApiAuth.apiKey({ scopes }), ApiAuth.iam({ scopes }), ApiAuth.none({ scopes })])
      expect(environmentOf({ auth })).toEqual({ AUTH: auth.settings.kind, SCOPES: 'list:a%20b/ sign;max=60' });
  });

  it('leaves scopes to the token with ApiAuth.jwt', () => {
    const auth = ApiAuth.jwt({ issuer: 'https://issuer.example', audience: 'edgepass' });
    expect(environmentOf({ auth })).toEqual({ AUTH: 'jwt' });
    expect(auth.settings).toMatchObject({ scopesClaim: 'scope' });
  });

  it.each<[string, ApiScope, string, RegExp]>([
    ['that uploads where nobody can', { action: 'upload' }, 'action', /give list, sign, or enable uploads$/],
    ['that deletes where nobody can', { action: 'delete' }, 'action', /or enable deletes$/],
    ['without a known action', { action: 'read' as never }, 'action', /^auth\.scopes\[0\]\.action is "read"/],
    ['of half a surrogate pair', { action: 'list', prefix: '\ud800' }, 'prefix', /no valid Unicode/],
    ['of a reserved prefix', { action: 'sign', prefix: '_api/x' }, 'prefix', /begins with "_api\/"/],
    ['of a prefix longer than a key', { action: 'sign', prefix: 'é'.repeat(513) }, 'prefix', /has 1026 bytes/],
    ['of a token', { action: 'sign', prefix: Aws.REGION }, 'prefix', /is a token/],
    [
      'longer than the longest link',
      { action: 'sign', maxLifetime: Duration.days(8) },
      'maxLifetime',
      /than maxLifetime/,
    ],
    ['of no time', { action: 'sign', maxLifetime: Duration.seconds(0) }, 'maxLifetime', /is 0 seconds/],
  ])('refuses a scope %s', (_, scope, property, message) => {
    const error = refusal(() => readApiSettings({ auth: ApiAuth.apiKey({ scopes: [scope] }) }));
    expect([error.code, error.property]).toEqual(['ERR_PROPERTY_INVALID', `auth.scopes[0].${property}`]);
    expect(error.message).toMatch(message);
  });

  it('refuses callers that may do nothing', () => {
    expect(refusal(() => readApiSettings({ auth: ApiAuth.none({ scopes: [] }) })).property).toBe('auth.scopes');
  });

  it('refuses a scope’s lifetime below the shortest link', () => {
    const auth = ApiAuth.apiKey({ scopes: [{ action: 'sign', maxLifetime: Duration.seconds(5) }] });
    expect(refusal(() => readApiSettings({ auth, minLifetime: Duration.minutes(1) })).message).toMatch(
      /^minLifetime is 60 seconds, longer than auth\.scopes\[0\]\.maxLifetime with 5 seconds/,
    );
  });

  it.each(['http://issuer.example', 'issuer.example', 'https://issuer.example?a', 'https://', ''])(
    'refuses the issuer %j',
    (issuer) => {
      expect(refusal(() => ApiAuth.jwt({ issuer, audience: 'a' })).property).toBe('issuer');
    },
  );

  it('refuses an empty audience and an empty name of the claim', () => {
    const issuer = 'https://issuer.example/';
    expect(refusal(() => ApiAuth.jwt({ issuer, audience: '' })).property).toBe('audience');
    expect(refusal(() => ApiAuth.jwt({ issuer, audience: 'a', scopesClaim: '' })).property).toBe('scopesClaim');
  });

  it.each<[ApiProps, string]>([
    [{ minLifetime: Duration.days(1) }, 'minLifetime'],
    [{ maxLifetime: Duration.hours(1) }, 'defaultLifetime'],
    [{ defaultLifetime: Duration.days(8) }, 'defaultLifetime'],
    [{ minLifetime: Duration.millis(1500) }, 'minLifetime'],
    [{ minLifetime: Duration.seconds(0) }, 'minLifetime'],
  ])('refuses lifetimes out of order, and such that are no whole seconds', (props, property) => {
    expect(refusal(() => readApiSettings(props)).property).toBe(property);
  });

  it('takes lifetimes, sizes, prefixes and origins that only the deployment knows', () => {
    const outdir = mkdtempSync(join(tmpdir(), 'edgepass-app-'));
    onTestFinished(() => rmSync(outdir, { recursive: true }));
    const stack = new Stack(new App({ outdir }));
    const number = new CfnParameter(stack, 'Number', { type: 'Number' }).valueAsNumber;
    const text = Lazy.string({ produce: () => '*' });
    const props: ApiProps = {
      defaultLifetime: Duration.seconds(number),
      uploads: { maxSize: Size.bytes(number), prefix: text, contentTypes: [text] },
      corsAllowedOrigins: [text],
    };
    expect(stack.resolve(readApiSettings(props).uploadLimits)).toEqual({
      UPLOAD_MAX_SIZE: { Ref: 'Number' },
      UPLOAD_CONTENT_TYPES: '*',
      UPLOAD_PREFIX: '*',
    });
  });

  it('prints the limits of uploads: 5 GiB of any type and key unless they say otherwise', () => {
    expect(readApiSettings({ uploads: {} }).uploadLimits).toEqual({
      UPLOAD_MAX_SIZE: '5368709120',
      UPLOAD_CONTENT_TYPES: '',
      UPLOAD_PREFIX: '',
    });
    const uploads = { maxSize: Size.mebibytes(1), contentTypes: ['image/*', 'application/pdf'], prefix: 'in/' };
    expect(readApiSettings({ uploads }).uploadLimits).toEqual({
      UPLOAD_MAX_SIZE: '1048576',
      UPLOAD_CONTENT_TYPES: 'image/*,application/pdf',
      UPLOAD_PREFIX: 'in/',
    });
  });

  it.each<[ApiProps['uploads'], string]>([
    [{ maxSize: Size.bytes(0) }, 'uploads.maxSize'],
    [{ maxSize: Size.kibibytes(0.3) }, 'uploads.maxSize'],
    [{ maxSize: Size.tebibytes(6) }, 'uploads.maxSize'],
    [{ contentTypes: ['image'] }, 'uploads.contentTypes[0]'],
    [{ contentTypes: ['text/plain', '*/*'] }, 'uploads.contentTypes[1]'],
    [{ contentTypes: ['text/plain,image/png'] }, 'uploads.contentTypes[0]'],
    [{ prefix: '_s/' }, 'uploads.prefix'],
    [{ prefix: 'in*' }, 'uploads.prefix'],
    [{ prefix: 'in?' }, 'uploads.prefix'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable of IAM
    [{ prefix: '${aws:username}/' }, 'uploads.prefix'],
  ])('refuses limits of uploads that cannot be: %j', (uploads, property) => {
    expect(refusal(() => readApiSettings({ uploads: uploads ?? {} })).property).toBe(property);
  });

  it('names the origins of pages that may read answers, where not every page may', () => {
    const corsAllowedOrigins = ['https://app.example.com', 'http://localhost:5173'];
    expect(environmentOf({ corsAllowedOrigins }).CORS_ALLOWED_ORIGINS).toBe(corsAllowedOrigins.join(','));
    expect(environmentOf({ corsAllowedOrigins: ['*'] })).not.toHaveProperty('CORS_ALLOWED_ORIGINS');
  });

  it.each([
    [[]],
    [['https://app.example.com/']],
    [['app.example.com']],
    [['*', 'https://a.example']],
    [['HTTPS://a.example']],
  ])('refuses the origins %j', (corsAllowedOrigins) => {
    expect(refusal(() => readApiSettings({ corsAllowedOrigins })).property).toMatch(/^corsAllowedOrigins/);
  });
});
