import type { OneOrMany, PolicyDocument, PolicyStatement } from '../../local/iam/policy-document';
import { matchesWildcard } from '../../local/wildcard';

const CLOUDFRONT = 'cloudfront.amazonaws.com';

const list = <T>(value: OneOrMany<T> | undefined): readonly T[] => {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value as T];
};

/** The statements that let CloudFront do something. */
export function allowedToCloudFront(policy: PolicyDocument | undefined, action: string): PolicyStatement[] {
  return list(policy?.Statement).filter(
    ({ Effect, Principal, Action }) =>
      Effect === 'Allow' &&
      typeof Principal === 'object' &&
      list(Principal.Service).includes(CLOUDFRONT) &&
      list(Action).some((pattern) => matchesWildcard(pattern.toLowerCase(), action.toLowerCase())),
  );
}

const ARN_OPERATORS = /^(?:StringEquals|StringLike|ArnEquals|ArnLike)$/;

/** Which distributions a statement is for; undefined: any, of any account. */
export function sourceArnsOf({ Condition = {} }: PolicyStatement): readonly string[] | undefined {
  for (const [operator, keys] of Object.entries(Condition)) {
    if (!ARN_OPERATORS.test(operator)) continue;
    for (const [key, values] of Object.entries(keys))
      if (key.toLowerCase() === 'aws:sourcearn') return list(values).map(String);
  }
  return undefined;
}

export const isFor = (statement: PolicyStatement, arn: string): boolean =>
  sourceArnsOf(statement)?.some((pattern) => matchesWildcard(pattern, arn)) ?? true;
