import { Duration, Size } from 'aws-cdk-lib';
import { Period } from 'aws-cdk-lib/aws-apigateway';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { ApiAuth, type PrivateContentProps } from 'edgepass/cdk';

/** Every property, each other than its default. */
export const MAXIMUM: PrivateContentProps = {
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
  corsAllowedOrigins: ['https://app.example.com', 'https://b.example'],
};
export const JWT: ApiAuth = ApiAuth.jwt({
  issuer: 'https://issuer.example/',
  audience: 'files',
  scopesClaim: 'permissions',
});

/** All that it takes to run a content for long; where the region is not said, or is us-east-1. */
export const OPERATED: PrivateContentProps = {
  logRetention: RetentionDays.ONE_YEAR,
  tracing: true,
  logs: { retention: RetentionDays.SIX_MONTHS, api: true, cloudWatchRole: true },
  alarms: {},
  dashboard: true,
  managedWebAcl: {},
};
