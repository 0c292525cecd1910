import { randomUUID } from 'node:crypto';
import { physicalName } from './cloudformation/physical-name';
import { Properties, type PropertyTable } from './cloudformation/properties';
import type { ResourceTypes } from './cloudformation/resource-type';
import { OBSERVING_RESOURCE_TYPES } from './observing-resources';

const LOG_GROUP: PropertyTable = {
  LogGroupName: 'used',
  RetentionInDays: { noEffect: 'kept until deleted' },
  LogGroupClass: { noEffect: 'a price' },
  Tags: { noEffect: 'labels' },
};

/**
 * The local runtime encrypts no objects, and asks no key whether somebody may use it. Policies are not read, so a missing `kms:` grant does
 * not fail here.
 */
const KEY: PropertyTable = {
  BypassPolicyLockoutSafetyCheck: { noEffect: 'the local runtime has no KMS' },
  Description: { noEffect: 'text' },
  EnableKeyRotation: { noEffect: 'the local runtime has no KMS' },
  Enabled: { noEffect: 'the local runtime has no KMS' },
  KeyPolicy: { noEffect: 'the local runtime has no KMS' },
  KeySpec: { noEffect: 'the local runtime has no KMS' },
  KeyUsage: { noEffect: 'the local runtime has no KMS' },
  MultiRegion: { noEffect: 'the local runtime has one region' },
  Origin: { noEffect: 'the local runtime has no KMS' },
  PendingWindowInDays: { noEffect: 'the local runtime has no KMS' },
  RotationPeriodInDays: { noEffect: 'the local runtime has no KMS' },
  Tags: { noEffect: 'labels' },
};

const ALIAS: PropertyTable = { AliasName: 'used', TargetKeyId: { noEffect: 'the local runtime has no KMS' } };

const CERTIFICATE: PropertyTable = {
  CertificateExport: { noEffect: 'the local runtime has its own certificate' },
  CertificateTransparencyLoggingPreference: { noEffect: 'the local runtime has its own certificate' },
  DomainName: { noEffect: 'the local runtime has its own certificate' },
  DomainValidationOptions: { noEffect: 'the local runtime asks no authority' },
  KeyAlgorithm: { noEffect: 'the local runtime has its own certificate' },
  SubjectAlternativeNames: { noEffect: 'the local runtime has its own certificate' },
  Tags: { noEffect: 'labels' },
  ValidationMethod: { noEffect: 'the local runtime asks no authority' },
};

/** Resource types that need to exist, for others refer to them, and that do nothing in the local runtime; each with the reason. */
export const INERT_RESOURCE_TYPES: ResourceTypes = {
  ...OBSERVING_RESOURCE_TYPES,
  // The CDK's own mark on a template.
  'AWS::CDK::Metadata': { apply: ({ logicalId }) => ({ physicalId: logicalId, attributes: {} }) },
  // What functions print goes to the local runtime's own log file.
  'AWS::Logs::LogGroup': {
    apply(request) {
      const { logicalId, properties, previous, stack } = request;
      const read = new Properties(`${logicalId} (AWS::Logs::LogGroup)`, properties, LOG_GROUP);
      const name = read.optionalText('LogGroupName') ?? previous?.physicalId ?? physicalName(request, 512);
      const arn = `arn:${stack.partition}:logs:${stack.region}:${stack.accountId}:log-group:${name}:*`;
      return { physicalId: name, attributes: { Arn: arn } };
    },
  },
  'AWS::KMS::Key': {
    apply({ logicalId, properties, previous, stack }) {
      new Properties(`${logicalId} (AWS::KMS::Key)`, properties, KEY);
      const keyId = previous?.physicalId ?? randomUUID();
      const arn = `arn:${stack.partition}:kms:${stack.region}:${stack.accountId}:key/${keyId}`;
      return { physicalId: keyId, attributes: { Arn: arn, KeyId: keyId } };
    },
  },
  'AWS::KMS::Alias': {
    apply: ({ logicalId, properties }) => ({
      physicalId: new Properties(`${logicalId} (AWS::KMS::Alias)`, properties, ALIAS).text('AliasName'),
      attributes: {},
    }),
  },
  // Viewers of the local runtime come by plain HTTP, or see the certificate that `--https` made.
  'AWS::CertificateManager::Certificate': {
    apply({ logicalId, properties, previous, stack }) {
      new Properties(`${logicalId} (AWS::CertificateManager::Certificate)`, properties, CERTIFICATE);
      const arn = `arn:${stack.partition}:acm:${stack.region}:${stack.accountId}:certificate/${randomUUID()}`;
      return { physicalId: previous?.physicalId ?? arn, attributes: {} };
    },
  },
};
