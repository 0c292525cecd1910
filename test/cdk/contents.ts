import { join } from 'node:path';
import { Duration, RemovalPolicy, Size, type Stack } from 'aws-cdk-lib';
import { Period } from 'aws-cdk-lib/aws-apigateway';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { GeoRestriction, PriceClass, ResponseHeadersPolicy } from 'aws-cdk-lib/aws-cloudfront';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { ApiAuth, type PrivateContentProps } from 'edgepass/cdk';

/** Every property that needs no other construct, each other than its default. */
export const MAXIMUM = {
  auth: ApiAuth.apiKey({
    scopes: [{ action: 'list' }, { action: 'sign', maxLifetime: Duration.hours(1) }, { action: 'upload' }],
    throttle: { rateLimit: 5, burstLimit: 10 },
    quota: { limit: 1_000, period: Period.DAY },
  }),
  minLifetime: Duration.minutes(1),
  defaultLifetime: Duration.minutes(5),
  maxLifetime: Duration.days(1),
  uploads: { maxSize: Size.mebibytes(100), contentTypes: ['image/*'], prefix: 'in/' },
  deletes: true,
  site: join(__dirname, '..', '..', 'src', 'web'),
  corsAllowedOrigins: ['https://app.example.com', 'https://b.example'],
  priceClass: PriceClass.PRICE_CLASS_100,
  geoRestriction: GeoRestriction.denylist('MC'),
  enableIpv6: true,
  responseHeaders: ResponseHeadersPolicy.SECURITY_HEADERS,
  publicPaths: ['public/*', 'logo.svg'],
  removalPolicy: RemovalPolicy.DESTROY,
  signingKeyType: 'ECDSA',
  keyGeneration: 2,
  keyRotationPeriod: Duration.days(30),
} satisfies PrivateContentProps;

/** All that it takes to run a content for long; where the region is not said, or is us-east-1. */
export const OPERATED = {
  logRetention: RetentionDays.ONE_YEAR,
  tracing: true,
  logs: { retention: RetentionDays.SIX_MONTHS, api: true, cloudWatchRole: true },
  alarms: {},
  dashboard: true,
  managedWebAcl: {},
} satisfies PrivateContentProps;

/** Every property but `bucket` and `webAclId`, which take the place of others. */
export function maximumIn(stack: Stack): Required<Omit<PrivateContentProps, 'bucket' | 'webAclId'>> {
  const arn = 'arn:aws:acm:us-east-1:111122223333:certificate/1234abcd-12ab-34cd-56ef-1234567890ab';
  return {
    ...MAXIMUM,
    ...OPERATED,
    domainNames: ['files.example.com', 'www.files.example.com'],
    certificate: Certificate.fromCertificateArn(stack, 'Certificate', arn),
    encryptionKey: new Key(stack, 'Key'),
    autoDeleteObjects: true,
    signingKeyEncryptionKey: new Key(stack, 'OtherKey'),
  };
}

export const JWT: ApiAuth = ApiAuth.jwt({
  issuer: 'https://issuer.example/',
  audience: 'files',
  scopesClaim: 'permissions',
});
