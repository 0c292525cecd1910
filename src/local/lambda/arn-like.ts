import { matchesWildcard } from '../wildcard';

/**
 * IAM's ArnLike: the six parts of an ARN are compared one by one, and a wildcard stays inside its part.
 * Source: IAM User Guide, "Amazon Resource Name (ARN) condition operators".
 */
export function isArnLike(arn: string, pattern: string): boolean {
  const parts = partsOf(arn);
  const patterns = partsOf(pattern);
  return (
    parts.length === 6 && patterns.length === 6 && parts.every((part, i) => matchesWildcard(patterns[i] ?? '', part))
  );
}

/** The sixth part, the resource, may have colons of its own. */
function partsOf(arn: string): string[] {
  const parts = arn.split(':');
  return parts.length < 6 ? [] : [...parts.slice(0, 5), parts.slice(5).join(':')];
}
