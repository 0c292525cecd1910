import type { Properties, PropertyTable } from '../../cloudformation/properties';

const noEffect = (reason: string) => ({ noEffect: reason });
const notImplemented = (reason: string) => ({ notImplemented: reason });

const KEPT = 'nothing expires locally';
const ONE_CLASS = notImplemented('the local runtime has one storage class');

/** Source of each table: AWS::S3::Bucket LifecycleConfiguration, and Rule, "Properties". */
const LIFECYCLE: PropertyTable = {
  Rules: 'used',
  TransitionDefaultMinimumObjectSize: noEffect('the local runtime has one storage class'),
};

const RULE: PropertyTable = {
  AbortIncompleteMultipartUpload: 'used',
  ExpirationDate: notImplemented(`${KEPT}, and a date would have passed`),
  ExpirationInDays: 'used',
  ExpiredObjectDeleteMarker: noEffect(KEPT),
  Id: noEffect('a name'),
  NoncurrentVersionExpiration: 'used',
  NoncurrentVersionExpirationInDays: 'used',
  NoncurrentVersionTransition: ONE_CLASS,
  NoncurrentVersionTransitions: ONE_CLASS,
  ObjectSizeGreaterThan: notImplemented('rules by size'),
  ObjectSizeLessThan: notImplemented('rules by size'),
  Prefix: 'used',
  Status: 'used',
  TagFilters: notImplemented('rules by tag'),
  Transition: ONE_CLASS,
  Transitions: ONE_CLASS,
};

const ABORT: PropertyTable = { DaysAfterInitiation: 'used' };
const NONCURRENT: PropertyTable = { NewerNoncurrentVersions: 'used', NoncurrentDays: 'used' };

const DAYS = { min: 1, max: 2 ** 31 - 1 };

/** Reads a bucket's lifecycle rules strictly, and leaves them without effect: nothing expires locally. */
export function checkLifecycle(bucket: Properties): void {
  if (!bucket.has('LifecycleConfiguration')) return;
  const rules = bucket.group('LifecycleConfiguration', LIFECYCLE).groups('Rules', RULE);
  if (rules.length === 0) bucket.refuse('LifecycleConfiguration', 'needs Rules');
  for (const rule of rules) checkRule(rule);
}

function checkRule(rule: Properties): void {
  if (!rule.has('Status')) rule.refuse('Status', 'is missing');
  rule.oneOf('Status', ['Enabled', 'Disabled'], 'Enabled');
  if (rule.has('Prefix')) rule.text('Prefix');
  const days = [
    rule.optionalNumber('ExpirationInDays', DAYS),
    rule.optionalNumber('NoncurrentVersionExpirationInDays', DAYS),
    checkGroup(rule, 'AbortIncompleteMultipartUpload', ABORT, 'DaysAfterInitiation'),
    checkGroup(rule, 'NoncurrentVersionExpiration', NONCURRENT, 'NoncurrentDays'),
  ];
  if (days.every((stated) => stated === undefined) && !rule.has('ExpiredObjectDeleteMarker'))
    rule.refuse(
      'ExpirationInDays',
      'is missing, and so is every other thing that a rule could do: it needs AbortIncompleteMultipartUpload, ExpirationInDays, ExpiredObjectDeleteMarker or NoncurrentVersionExpiration',
    );
}

function checkGroup(rule: Properties, name: string, table: PropertyTable, days: string): number | undefined {
  if (!rule.has(name)) return undefined;
  const props = rule.group(name, table);
  if ('NewerNoncurrentVersions' in table) props.optionalNumber('NewerNoncurrentVersions', { min: 1, max: 100 });
  return props.optionalNumber(days, DAYS) ?? props.refuse(days, 'is missing');
}
