import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { exitCodeOf, runChecks } from './checks';
import type {
  Behavior,
  Bucket,
  DeployedSystem,
  Distribution,
  KeyGeneration,
  Origin,
  TestLink,
} from './deployed-system';
import type { Observation } from './observation';

const NOW = new Date('2026-11-25T12:00:00Z');
const ARN = 'arn:aws:cloudfront::111122223333:distribution/E1';
const SETTINGS = { maxKeyAge: 365, publicPaths: [] };

const daysAgo = (days: number): Date => new Date(NOW.getTime() - days * 86_400_000);
const observed = <T>(value: T): Observation<T> => ({ value: value });

const ORIGIN: Origin = {
  id: 'files',
  domainName: 'b.s3.eu-central-1.amazonaws.com',
  bucket: 'b',
  originAccessControlId: 'EOAC',
  originAccessIdentity: undefined,
};
const FILES: Behavior = {
  pathPattern: '*',
  originId: 'files',
  viewerProtocolPolicy: 'redirect-to-https',
  trustedKeyGroups: ['G1'],
  queryStrings: observed({ behavior: 'whitelist', names: ['response-content-disposition'] } as const),
};
const API: Behavior = {
  pathPattern: '_api/*',
  originId: 'api',
  viewerProtocolPolicy: 'https-only',
  trustedKeyGroups: [],
  queryStrings: observed({ behavior: 'none', names: [] } as const),
};
const DISTRIBUTION: Distribution = {
  id: 'E1',
  arn: ARN,
  enabled: true,
  ipv6Enabled: false,
  defaultRootObject: undefined,
  origins: [
    ORIGIN,
    {
      ...ORIGIN,
      id: 'api',
      domainName: 'a.execute-api.eu-central-1.amazonaws.com',
      bucket: undefined,
      originAccessControlId: undefined,
    },
  ],
  behaviors: [API, FILES],
};

const allow = (Action: string, Condition?: Record<string, Record<string, string>>) => ({
  Effect: 'Allow' as const,
  Principal: { Service: 'cloudfront.amazonaws.com' },
  Action,
  Resource: '*',
  ...(Condition && { Condition }),
});
const only = (arn: string) => ({ StringEquals: { 'AWS:SourceArn': arn } });
const policy = (...Statement: ReturnType<typeof allow>[]) => observed({ Version: '2012-10-17', Statement });

const BUCKET: Bucket = {
  name: 'b',
  policy: policy(allow('s3:GetObject', only(ARN))),
  isPublic: observed(false),
  publicAccessBlock: observed({
    BlockPublicAcls: true,
    IgnorePublicAcls: true,
    BlockPublicPolicy: true,
    RestrictPublicBuckets: true,
  }),
  encryption: observed({ by: 'S3' }),
};
const KEY: KeyGeneration = { keyPairId: 'K2', createdAt: daysAgo(10), signsFrom: daysAgo(9), retiresAt: undefined };
const PREVIOUS: KeyGeneration = {
  keyPairId: 'K1',
  createdAt: daysAgo(400),
  signsFrom: daysAgo(399),
  retiresAt: daysAgo(-1),
};
const LINK: TestLink = {
  signed: { status: 206, server: 'AmazonS3' },
  tampered: { status: 403 },
  unsigned: { status: 403 },
};

const HEALTHY: DeployedSystem = {
  where: 'the stack Edgepass, account 111122223333, region eu-central-1',
  now: NOW,
  distribution: observed(DISTRIBUTION),
  buckets: observed([BUCKET]),
  keyGroups: observed({ G1: ['K2', 'K1'] }),
  keys: observed([KEY, PREVIOUS]),
  clockAhead: observed(900),
  testLink: observed(LINK),
};

const distribution = (change: Partial<Distribution>): Partial<DeployedSystem> => ({
  distribution: observed({ ...DISTRIBUTION, ...change }),
});
const files = (change: Partial<Behavior>) => distribution({ behaviors: [API, { ...FILES, ...change }] });
const origin = (change: Partial<Origin>) => distribution({ origins: [{ ...ORIGIN, ...change }] });
const bucket = (change: Partial<Bucket>): Partial<DeployedSystem> => ({
  buckets: observed([{ ...BUCKET, ...change }]),
});
const link = (change: Partial<TestLink>): Partial<DeployedSystem> => ({ testLink: observed({ ...LINK, ...change }) });
const customerKey = (...statements: ReturnType<typeof allow>[]) =>
  bucket({ encryption: observed({ by: 'customer key', keyId: 'KMS1', policy: policy(...statements) } as const) });

const findingsOf = (change: Partial<DeployedSystem>, settings: object = {}) =>
  runChecks({ ...HEALTHY, ...change }, { ...SETTINGS, ...settings }).flatMap(({ findings }) => findings);

describe("the doctor's checks", () => {
  test('a healthy stack has no findings', () => {
    const outcomes = runChecks(HEALTHY, SETTINGS);
    expect(outcomes.flatMap(({ findings, notChecked }) => [...findings, ...(notChecked ? [notChecked] : [])])).toEqual(
      [],
    );
    expect(exitCodeOf(outcomes)).toBe(0);
  });

  const QUERY_DROPPED = { queryStrings: observed({ behavior: 'none', names: [] } as const) };
  const OTHER = 'arn:aws:cloudfront::111122223333:distribution/E2';

  /** The fault, what is found, and a word that the sentence or its fix has to have. */
  const FAULTS: [string, Partial<DeployedSystem>, string, string, RegExp][] = [
    ['a disabled distribution', distribution({ enabled: false }), 'DISTRIBUTION_DISABLED', 'error', /E1/],
    [
      'an origin access identity that is left',
      origin({ originAccessControlId: undefined, originAccessIdentity: 'origin-access-identity/cloudfront/E9' }),
      'ORIGIN_ACCESS_IDENTITY',
      'warning',
      /withOriginAccessControl/,
    ],
    [
      'no origin access control',
      origin({ originAccessControlId: undefined }),
      'ORIGIN_ACCESS_CONTROL_MISSING',
      'error',
      /withOriginAccessControl/,
    ],
    ['plain HTTP', files({ viewerProtocolPolicy: 'allow-all' }), 'HTTP_ALLOWED', 'error', /the default behavior/],
    [
      'plain HTTP to the API',
      distribution({ behaviors: [{ ...API, viewerProtocolPolicy: 'allow-all' }, FILES] }),
      'HTTP_ALLOWED',
      'error',
      /_api\/\*/,
    ],
    ['no key group', files({ trustedKeyGroups: [] }), 'NO_TRUSTED_KEY_GROUP', 'error', /to anybody/],
    [
      'a further behavior without a key group',
      distribution({ behaviors: [{ ...FILES, pathPattern: 'open/*', trustedKeyGroups: [] }, FILES] }),
      'NO_TRUSTED_KEY_GROUP',
      'error',
      /--public-path 'open\/\*'/,
    ],
    ['a query that is dropped', files(QUERY_DROPPED), 'DOWNLOAD_NAME_NOT_PASSED_ON', 'warning', /allowList/],
    [
      'a query that is dropped by name',
      files({ queryStrings: observed({ behavior: 'allExcept', names: ['Response-Content-Disposition'] } as const) }),
      'DOWNLOAD_NAME_NOT_PASSED_ON',
      'warning',
      /allowList/,
    ],
    ['IPv6', distribution({ ipv6Enabled: true }), 'IPV6_ENABLED', 'information', /enableIpv6: false/],
    [
      'a public bucket',
      bucket({ isPublic: observed(true) }),
      'BUCKET_PUBLIC',
      'error',
      /put-public-access-block --bucket b/,
    ],
    [
      'public access that is not blocked',
      bucket({
        publicAccessBlock: observed({
          BlockPublicAcls: true,
          IgnorePublicAcls: true,
          BlockPublicPolicy: false,
          RestrictPublicBuckets: true,
        }),
      }),
      'PUBLIC_ACCESS_NOT_BLOCKED',
      'warning',
      /\(BlockPublicPolicy\)/,
    ],
    ['no bucket policy', bucket({ policy: observed(undefined) }), 'BUCKET_CLOSED_TO_DISTRIBUTION', 'error', /403$/],
    [
      'a bucket policy for another distribution',
      bucket({ policy: policy(allow('s3:GetObject', only(OTHER))) }),
      'BUCKET_CLOSED_TO_DISTRIBUTION',
      'error',
      /distribution\/E2/,
    ],
    [
      'a bucket policy for any distribution',
      bucket({ policy: policy(allow('s3:Get*')) }),
      'BUCKET_OPEN_TO_OTHER_DISTRIBUTIONS',
      'warning',
      /distribution\/E1/,
    ],
    [
      'a bucket policy for the account’s distributions',
      bucket({
        policy: policy(
          allow('s3:GetObject', { ArnLike: { 'aws:SourceArn': 'arn:aws:cloudfront::111122223333:distribution/*' } }),
        ),
      }),
      'BUCKET_OPEN_TO_OTHER_DISTRIBUTIONS',
      'warning',
      /wildcard/,
    ],
    [
      'a listing at the root',
      bucket({ policy: policy(allow('s3:GetObject', only(ARN)), allow('s3:ListBucket', only(ARN))) }),
      'LISTING_AT_ROOT',
      'warning',
      /defaultRootObject/,
    ],
    [
      'AWS’s own key',
      bucket({ encryption: observed({ by: 'AWS managed key' } as const) }),
      'KMS_KEY_AWS_MANAGED',
      'error',
      /aws\/s3/,
    ],
    ['a key that CloudFront may not use', customerKey(), 'KMS_KEY_CLOSED_TO_DISTRIBUTION', 'error', /kms:Decrypt/],
    [
      'a key that any distribution may use',
      customerKey(allow('kms:Decrypt')),
      'KMS_KEY_OPEN_TO_OTHER_DISTRIBUTIONS',
      'warning',
      /KMS1/,
    ],
    ['a key that is not in the group', { keyGroups: observed({ G1: ['K1'] }) }, 'KEY_NOT_IN_GROUP', 'error', /key K2/],
    [
      'a key that is not the stack’s',
      { keyGroups: observed({ G1: ['K2', 'K1', 'K9'] }) },
      'KEY_UNKNOWN',
      'warning',
      /key K9/,
    ],
    [
      'a key that was not retired',
      { keys: observed([KEY, { ...PREVIOUS, retiresAt: daysAgo(1) }]) },
      'KEY_NOT_RETIRED',
      'warning',
      /2026-11-24T12:00:00.000Z/,
    ],
    [
      'an old key',
      { keys: observed([{ ...KEY, createdAt: daysAgo(366), signsFrom: daysAgo(366) }, PREVIOUS]) },
      'KEY_OLD',
      'warning',
      /K2 that signs is 366 days old/,
    ],
    [
      'an old key, though a younger one is about to sign',
      { keys: observed([{ ...KEY, signsFrom: daysAgo(-1) }, PREVIOUS]) },
      'KEY_OLD',
      'warning',
      /K1 that signs is 400 days old/,
    ],
    ['no key', { keys: observed([]), keyGroups: observed({ G1: [] }) }, 'NO_KEY_SIGNS', 'error', /KeysFunction/],
    ['a clock ahead', { clockAhead: observed(31_000) }, 'CLOCK_SKEW', 'warning', /31 s ahead of/],
    ['a clock behind', { clockAhead: observed(-600_000) }, 'CLOCK_SKEW', 'warning', /600 s behind/],
    [
      'a link that CloudFront refuses',
      link({ signed: { status: 403, server: 'CloudFront' } }),
      'LINK_REFUSED',
      'error',
      /by CloudFront/,
    ],
    [
      'a link that the bucket refuses',
      link({ signed: { status: 403, server: 'AmazonS3' } }),
      'LINK_REFUSED',
      'error',
      /by the bucket/,
    ],
    ['an altered link that opens', link({ tampered: { status: 206 } }), 'OPENED_WITHOUT_RIGHT', 'error', /altered/],
    [
      'a file that opens unsigned',
      link({ unsigned: { status: 200 } }),
      'OPENED_WITHOUT_RIGHT',
      'error',
      /no signature/,
    ],
  ];

  it.each(FAULTS)('finds %s', (_what, change, code, severity, word) => {
    const findings = findingsOf(change);
    expect(findings.map((finding) => [finding.code, finding.severity])).toEqual([[code, severity]]);
    for (const { what, fix } of findings) expect(`${fix} ${what}`).toMatch(word);
  });

  it('docs/doctor.md has every finding', () => {
    const doc = readFileSync(join(__dirname, '..', '..', '..', 'docs', 'doctor.md'), 'utf8');
    const documented = [...doc.matchAll(/^\| `(\w+)` +\| (\w+) +\|/gm)].map(
      ([, code, severity]) => `${code} ${severity}`,
    );
    const tested = new Set(FAULTS.map(([, , code, severity]) => `${code} ${severity}`));
    expect(documented.sort()).toEqual([...tested].sort());
  });

  it('leaves alone what is meant to be open', () => {
    const page: Behavior = { ...FILES, ...QUERY_DROPPED, pathPattern: '/_app/*', trustedKeyGroups: [] };
    const open: Behavior = { ...page, pathPattern: 'open/*' };
    expect(findingsOf(distribution({ behaviors: [page, open, FILES] }), { publicPaths: ['/open/*'] })).toEqual([]);
  });

  it('takes a key’s age from the command', () => {
    expect(findingsOf({}, { maxKeyAge: 9 }).map(({ code }) => code)).toEqual(['KEY_OLD']);
    expect(findingsOf({}, { maxKeyAge: 10 })).toEqual([]);
  });

  it('gives the stack two hours to retire a key, in the group or not', () => {
    const hoursAgo = (hours: number) => ({ ...PREVIOUS, retiresAt: new Date(NOW.getTime() - hours * 3_600_000) });
    expect(findingsOf({ keys: observed([KEY, hoursAgo(1.9)]) })).toEqual([]);
    expect(findingsOf({ keys: observed([KEY, hoursAgo(1.9)]), keyGroups: observed({ G1: ['K2'] }) })).toEqual([]);
    expect(findingsOf({ keys: observed([KEY, hoursAgo(2.1)]) }).map(({ code }) => code)).toEqual(['KEY_NOT_RETIRED']);
  });

  it('takes the only key for the one that signs, though its time has not come by this clock', () => {
    expect(
      findingsOf({ keys: observed([{ ...KEY, signsFrom: daysAgo(-1) }]), keyGroups: observed({ G1: ['K2'] }) }),
    ).toEqual([]);
  });

  it('needs no allow-list where the whole query is passed on', () => {
    expect(findingsOf(files({ queryStrings: observed({ behavior: 'all', names: [] } as const) }))).toEqual([]);
  });

  it('does not look for the distribution in the policy of a bucket that knows an origin access identity', () => {
    const legacy = origin({
      originAccessControlId: undefined,
      originAccessIdentity: 'origin-access-identity/cloudfront/E9',
    });
    const findings = findingsOf({ ...legacy, ...bucket({ policy: policy() }) });
    expect(findings.map(({ code }) => code)).toEqual(['ORIGIN_ACCESS_IDENTITY']);
  });

  it('lets CloudFront list where "/" is a file', () => {
    const may = { policy: policy(allow('s3:GetObject', only(ARN)), allow('s3:ListBucket', only(ARN))) };
    expect(findingsOf({ ...distribution({ defaultRootObject: 'index.html' }), ...bucket(may) })).toEqual([]);
  });

  it('lets CloudFront list a bucket that "/" does not lead to', () => {
    const page: Origin = { ...ORIGIN, id: 'page', domainName: 'p.s3.eu-central-1.amazonaws.com', bucket: 'p' };
    const may = { policy: policy(allow('s3:GetObject', only(ARN)), allow('s3:ListBucket', only(ARN))) };
    const behaviors = [{ ...FILES, pathPattern: '_app/*', originId: 'page', trustedKeyGroups: [] }, FILES];
    const both = {
      ...distribution({ origins: [ORIGIN, page], behaviors }),
      buckets: observed([BUCKET, { ...BUCKET, name: 'p', ...may }]),
    };
    expect(findingsOf(both)).toEqual([]);
  });

  it('takes a key of the customer’s whose policy names the distribution', () => {
    expect(findingsOf(customerKey(allow('kms:Decrypt', only(ARN))))).toEqual([]);
  });
});

describe('what could not be looked at', () => {
  const blind = { notObserved: 'AccessDenied: no' };

  it.each([
    ['distribution', { distribution: blind }],
    ['buckets', { buckets: blind }],
    ['a bucket’s policy', bucket({ policy: blind })],
    ['a bucket’s status', bucket({ isPublic: blind })],
    ['a bucket’s encryption', bucket({ encryption: blind })],
    ['the public access block', bucket({ publicAccessBlock: blind })],
    ['a cache policy', files({ queryStrings: blind })],
    ['key groups', { keyGroups: blind }],
    ['keys', { keys: blind }],
    ['the clock', { clockAhead: blind }],
    ['the test link', { testLink: blind }],
  ] as [string, Partial<DeployedSystem>][])('%s: is told, and is not health', (_what, change) => {
    const outcomes = runChecks({ ...HEALTHY, ...change }, SETTINGS);
    expect(outcomes.filter(({ notChecked }) => notChecked === blind.notObserved)).not.toEqual([]);
    expect(exitCodeOf(outcomes)).toBe(2);
  });

  it('weighs less than a finding, information not at all', () => {
    const exitCode = (change: Partial<DeployedSystem>) => exitCodeOf(runChecks({ ...HEALTHY, ...change }, SETTINGS));
    expect(exitCode({ keys: blind, clockAhead: observed(60_000) })).toBe(1);
    expect(exitCode(distribution({ ipv6Enabled: true }))).toBe(0);
  });
});
