import { attributeReference } from './references';
import type { AppliedResource, StackIdentity } from './resource-type';
import type { Template } from './template';

/** What an evaluation may look up. */
export interface Scope {
  readonly stack: StackIdentity;
  readonly template: Template;
  /** The resources that exist so far. */
  readonly applied: ReadonlyMap<string, AppliedResource>;
}

/** `AWS::NoValue`: the property it is the value of is left out. */
const NO_VALUE = Symbol('AWS::NoValue');

type IntrinsicFunction = (argument: unknown, scope: Scope) => unknown;

/** Evaluates the intrinsic functions in a value. @throws Error for a function or a name that the local runtime does not know. */
export function evaluate(value: unknown, scope: Scope): unknown {
  const result = evaluateDeep(value, scope);
  return result === NO_VALUE ? undefined : result;
}

/** True when the named condition of the template holds; no name means yes. */
export function conditionHolds(name: string | undefined, scope: Scope): boolean {
  if (name === undefined) return true;
  const condition = scope.template.Conditions?.[name];
  if (condition === undefined) throw new Error(`the template has no condition ${name}`);
  return evaluateDeep(condition, scope) === true;
}

function evaluateDeep(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) return value.map((item) => evaluateDeep(item, scope)).filter((item) => item !== NO_VALUE);
  if (typeof value !== 'object' || value === null) return value;
  const [only, ...others] = Object.entries(value);
  if (only && others.length === 0 && (only[0] === 'Ref' || only[0] === 'Condition' || only[0].startsWith('Fn::'))) {
    const [name, argument] = only;
    // `Condition` is a function only where a name follows; elsewhere it is a key, as in an IAM policy.
    if (name !== 'Condition' || typeof argument === 'string') return call(name, argument, scope);
  }
  const entries = Object.entries(value).map(([key, item]) => [key, evaluateDeep(item, scope)] as const);
  return Object.fromEntries(entries.filter(([, item]) => item !== NO_VALUE));
}

function call(name: string, argument: unknown, scope: Scope): unknown {
  const intrinsic = INTRINSICS[name];
  if (!intrinsic) throw new Error(`the local runtime does not evaluate ${name} (NotImplemented)`);
  return intrinsic(argument, scope);
}

const evaluateList = (argument: unknown, scope: Scope): unknown[] => {
  const list = evaluateDeep(argument, scope);
  if (!Array.isArray(list)) throw new Error('an intrinsic function got something else than the list it takes');
  return list;
};

/**
 * Source: CloudFormation User Guide, "Intrinsic function reference". Absent: Cidr, GetAZs, ImportValue, Length, Transform, ToJsonString.
 */
const INTRINSICS: Readonly<Record<string, IntrinsicFunction>> = {
  Ref: (argument, scope) => reference(String(argument), scope),
  Condition: (argument, scope) => conditionHolds(String(argument), scope),
  'Fn::GetAtt': (argument, scope) => attribute(...attributeReference(argument), scope),
  'Fn::Join': (argument, scope) => {
    const [separator, parts] = evaluateList(argument, scope) as [string, unknown[]];
    return parts.map(String).join(separator);
  },
  'Fn::Split': (argument, scope) => {
    const [separator, text] = evaluateList(argument, scope) as [string, string];
    return text.split(separator);
  },
  'Fn::Select': (argument, scope) => {
    const [index, list] = evaluateList(argument, scope) as [string | number, unknown[]];
    return list[Number(index)];
  },
  'Fn::Sub': (argument, scope) => substitute(argument, scope),
  'Fn::Base64': (argument, scope) => Buffer.from(String(evaluateDeep(argument, scope))).toString('base64'),
  'Fn::FindInMap': (argument, scope) => {
    const [map, first, second] = evaluateList(argument, scope).map(String) as [string, string, string];
    const value = scope.template.Mappings?.[map]?.[first]?.[second];
    if (value === undefined) throw new Error(`the template's mapping ${map} has no ${first}, ${second}`);
    return value;
  },
  'Fn::If': (argument, scope) => {
    const [condition, whenTrue, whenFalse] = argument as [string, unknown, unknown];
    return evaluateDeep(conditionHolds(condition, scope) ? whenTrue : whenFalse, scope);
  },
  'Fn::Equals': (argument, scope) => {
    const [left, right] = evaluateList(argument, scope);
    return JSON.stringify(left) === JSON.stringify(right);
  },
  'Fn::And': (argument, scope) => evaluateList(argument, scope).every((value) => value === true),
  'Fn::Or': (argument, scope) => evaluateList(argument, scope).some((value) => value === true),
  'Fn::Not': (argument, scope) => evaluateList(argument, scope)[0] !== true,
};

function reference(name: string, scope: Scope): unknown {
  if (name === 'AWS::NoValue') return NO_VALUE;
  const { stack, template, applied } = scope;
  const pseudo: Readonly<Record<string, unknown>> = {
    'AWS::AccountId': stack.accountId,
    'AWS::NotificationARNs': [],
    'AWS::Partition': stack.partition,
    'AWS::Region': stack.region,
    'AWS::StackId': stack.stackId,
    'AWS::StackName': stack.stackName,
    'AWS::URLSuffix': stack.urlSuffix,
  };
  if (name in pseudo) return pseudo[name];
  const parameter = template.Parameters?.[name];
  if (parameter) {
    if (parameter.Default === undefined)
      throw new Error(`the template's parameter ${name} has no default, and the local runtime takes none`);
    return parameter.Default;
  }
  return lookUp(name, applied).physicalId;
}

function attribute(logicalId: string, name: string, { applied }: Scope): unknown {
  const { attributes, type } = lookUp(logicalId, applied);
  if (!(name in attributes))
    throw new Error(`the local runtime does not give ${type} (${logicalId}) the attribute ${name}`);
  return attributes[name];
}

function lookUp(logicalId: string, applied: Scope['applied']): AppliedResource {
  const resource = applied.get(logicalId);
  if (!resource) throw new Error(`the template refers to ${logicalId}, which the local runtime does not have`);
  return resource;
}

function substitute(argument: unknown, scope: Scope): string {
  const [text, variables = {}] = (Array.isArray(argument) ? argument : [argument]) as [
    string,
    Record<string, unknown>?,
  ];
  return text.replace(/\$\{(!?)([^}]+)\}/g, (_whole, literal: string, body: string) => {
    const name = body.trim();
    if (literal) return `\${${name}}`;
    if (name in variables) return String(evaluateDeep(variables[name], scope));
    if (name.startsWith('AWS::') || !name.includes('.')) return String(reference(name, scope));
    return String(attribute(...attributeReference(name), scope));
  });
}
