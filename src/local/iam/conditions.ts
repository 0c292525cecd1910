import { BlockList, isIP, isIPv4 } from 'node:net';
import { matchesWildcard } from '../wildcard';
import type { ConditionContext } from './condition-context';
import type { OneOrMany, PolicyStatement } from './policy-document';
import { escapeWildcards, hasVariables, replaceVariables } from './policy-variables';

type Test = (actual: string, stated: string) => boolean;

interface Operator {
  readonly test: Test;
  /** Negated operators hold when no stated value matches, and also when the key is absent. */
  readonly negated?: true;
}

const number = (compare: (a: number, b: number) => boolean): Operator => ({
  test: (actual, stated) => compare(Number(actual), Number(stated)),
});
const date = (compare: (a: number, b: number) => boolean): Operator => ({
  test: (actual, stated) => compare(Date.parse(actual), Date.parse(stated)),
});
const not = (operator: Operator): Operator => ({ ...operator, negated: true });

const equals: Operator = { test: (actual, stated) => actual === stated || escapeWildcards(actual) === stated };
const equalsIgnoreCase: Operator = { test: (actual, stated) => actual.toLowerCase() === stated.toLowerCase() };
const like: Operator = {
  test: (actual, stated) => matchesWildcard(stated, escapeWildcards(actual)) || matchesWildcard(stated, actual),
};
/** Wildcards stay inside one of an ARN's six parts. */
const arnLike: Operator = {
  test: (actual, stated) => {
    const [parts, patterns] = [splitArn(actual), splitArn(stated)];
    return parts.length === patterns.length && parts.every((part, i) => matchesWildcard(patterns[i] ?? '', part));
  },
};
const ipAddress: Operator = { test: isInRange };

/** Source: IAM User Guide, "IAM JSON policy elements: Condition operators". */
const OPERATORS: Readonly<Record<string, Operator>> = {
  StringEquals: equals,
  StringNotEquals: not(equals),
  StringEqualsIgnoreCase: equalsIgnoreCase,
  StringNotEqualsIgnoreCase: not(equalsIgnoreCase),
  StringLike: like,
  StringNotLike: not(like),
  ArnEquals: arnLike,
  ArnLike: arnLike,
  ArnNotEquals: not(arnLike),
  ArnNotLike: not(arnLike),
  Bool: equalsIgnoreCase,
  NumericEquals: number((a, b) => a === b),
  NumericNotEquals: not(number((a, b) => a === b)),
  NumericLessThan: number((a, b) => a < b),
  NumericLessThanEquals: number((a, b) => a <= b),
  NumericGreaterThan: number((a, b) => a > b),
  NumericGreaterThanEquals: number((a, b) => a >= b),
  DateEquals: date((a, b) => a === b),
  DateLessThan: date((a, b) => a < b),
  DateLessThanEquals: date((a, b) => a <= b),
  DateGreaterThan: date((a, b) => a > b),
  DateGreaterThanEquals: date((a, b) => a >= b),
  IpAddress: ipAddress,
  NotIpAddress: not(ipAddress),
};

/** True when every operator's every key holds (a statement's conditions are joined by "and"). */
export function conditionsHold(
  condition: NonNullable<PolicyStatement['Condition']>,
  context: ConditionContext,
  variables?: ConditionContext,
): boolean {
  return Object.entries(condition).every(([operator, keys]) =>
    Object.entries(keys).every(([key, stated]) => {
      const expected = texts(stated).flatMap((text) => substitute(text, variables));
      return holds(operator, expected, context.get(key.toLowerCase()));
    }),
  );
}

/** Where a variable has no value, its text matches nothing. */
function substitute(text: string, variables: ConditionContext | undefined): string[] {
  if (!variables || !hasVariables(text)) return [text];
  const value = replaceVariables(text, variables);
  return value === undefined ? [] : [value];
}

/** The operators of this condition that the local runtime does not know. */
export function unknownOperators(condition: NonNullable<PolicyStatement['Condition']>): string[] {
  return Object.keys(condition).filter((name) => name !== 'Null' && !OPERATORS[baseOf(name)]);
}

const baseOf = (operator: string): string =>
  operator.replace(/^(?:ForAllValues|ForAnyValue):/, '').replace(/IfExists$/, '');

const texts = (stated: OneOrMany<string | number | boolean>): string[] =>
  (Array.isArray(stated) ? stated : [stated]).map(String);

/**
 * A key with one value is compared as it is. With several, `ForAllValues` asks that each of the request's values matches (and holds when
 * there is none), `ForAnyValue` that one does (and does not hold when there is none).
 */
function holds(name: string, stated: readonly string[], actual: readonly string[] | undefined): boolean {
  if (name === 'Null') return stated.includes(String(actual === undefined));
  const operator = OPERATORS[baseOf(name)];
  if (!operator) return false;
  const matchesOne = (value: string): boolean => {
    const matches = stated.some((expected) => operator.test(value, expected));
    return operator.negated ? !matches : matches;
  };
  if (name.startsWith('ForAllValues:')) return (actual ?? []).every(matchesOne);
  if (name.startsWith('ForAnyValue:')) return (actual ?? []).some(matchesOne);
  if (actual === undefined) return name.endsWith('IfExists') || operator.negated === true;
  return operator.negated ? actual.every(matchesOne) : actual.some(matchesOne);
}

function splitArn(arn: string): string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, 5), parts.slice(5).join(':')];
}

function isInRange(actual: string, range: string): boolean {
  const [address = '', bits] = range.split('/');
  const family = isIPv4(address) ? 'ipv4' : 'ipv6';
  // A socket that takes both families tells IPv4 addresses as ::ffff:192.0.2.1.
  const viewer = actual.replace(/^::ffff:(?=[\d.]+$)/, '');
  if (!isIP(address) || isIPv4(viewer) !== isIPv4(address)) return false;
  const list = new BlockList();
  list.addSubnet(address, Number(bits ?? (family === 'ipv4' ? 32 : 128)), family);
  return list.check(viewer, family);
}
