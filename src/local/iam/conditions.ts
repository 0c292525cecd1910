import { BlockList, isIPv4 } from 'node:net';
import { matchesWildcard } from '../wildcard';
import type { OneOrMany, PolicyStatement } from './policy-document';

/** Condition keys in lower case, each with its values. */
export type ConditionContext = ReadonlyMap<string, readonly string[]>;

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

const equals: Operator = { test: (actual, stated) => actual === stated };
const equalsIgnoreCase: Operator = { test: (actual, stated) => actual.toLowerCase() === stated.toLowerCase() };
const like: Operator = { test: (actual, stated) => matchesWildcard(stated, actual) };
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
): boolean {
  return Object.entries(condition).every(([operator, keys]) =>
    Object.entries(keys).every(([key, stated]) => holds(operator, texts(stated), context.get(key.toLowerCase()))),
  );
}

/** The operators of this condition that home does not know. */
export function unknownOperators(condition: NonNullable<PolicyStatement['Condition']>): string[] {
  return Object.keys(condition).filter((name) => name !== 'Null' && !OPERATORS[baseOf(name)]);
}

const baseOf = (operator: string): string => operator.replace(/IfExists$/, '');

const texts = (stated: OneOrMany<string | number | boolean>): string[] =>
  (Array.isArray(stated) ? stated : [stated]).map(String);

function holds(name: string, stated: string[], actual: readonly string[] | undefined): boolean {
  if (name === 'Null') return stated.includes(String(actual === undefined));
  const operator = OPERATORS[baseOf(name)];
  if (!operator) return false;
  if (actual === undefined) return name.endsWith('IfExists') || operator.negated === true;
  const matches = actual.some((value) => stated.some((expected) => operator.test(value, expected)));
  return operator.negated ? !matches : matches;
}

function splitArn(arn: string): string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, 5), parts.slice(5).join(':')];
}

function isInRange(actual: string, range: string): boolean {
  const [address = '', bits = '32'] = range.split('/');
  if (!isIPv4(actual) || !isIPv4(address)) return false;
  const list = new BlockList();
  list.addSubnet(address, Number(bits), 'ipv4');
  return list.check(actual, 'ipv4');
}
