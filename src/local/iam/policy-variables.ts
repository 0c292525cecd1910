import type { ConditionContext } from './condition-context';

/**
 * Policy variables: `${aws:username}`, `${s3:prefix}`, with a default as in `${aws:PrincipalTag/team, 'company'}`; `${*}`, `${?}` and
 * `${$}` stand for the characters. Source: IAM User Guide, "IAM policy elements: Variables and tags".
 */
const VARIABLE = /\$\{([^}]*)\}/g;

/** Stand for `*` and `?` that are meant as characters, in a pattern whose other ones are wildcards. Private use characters: no ARN has them. */
const LITERAL_STAR = '\ue000';
const LITERAL_MARK = '\ue001';

export const hasVariables = (text: string): boolean => text.includes('${');

/** The pattern with its variables replaced; undefined when one has no value, and then the pattern matches nothing. */
export function replaceVariables(pattern: string, context: ConditionContext): string | undefined {
  if (!hasVariables(pattern)) return pattern;
  let isComplete = true;
  const replaced = pattern.replace(VARIABLE, (_whole, body: string) => {
    const value = readVariable(body, context);
    if (value === undefined) isComplete = false;
    return escapeWildcards(value ?? '');
  });
  return isComplete ? replaced : undefined;
}

/** What a pattern with replaced variables is compared with. */
export const escapeWildcards = (text: string): string =>
  text.replaceAll('*', LITERAL_STAR).replaceAll('?', LITERAL_MARK);

function readVariable(body: string, context: ConditionContext): string | undefined {
  if (body === '*' || body === '?' || body === '$') return body;
  const [, key = '', byDefault] = body.match(/^\s*([^,\s]+)\s*(?:,\s*'([^']*)'\s*)?$/) ?? [];
  const values = context.get(key.toLowerCase());
  return values?.length === 1 ? values[0] : byDefault;
}
