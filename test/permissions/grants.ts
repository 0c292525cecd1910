import { nameOf, type Resources, textOf } from '../cdk/read-template';

/**
 * What one statement says of one action, on one resource, for one principal: IAM decides about these, however statements are merged. Texts are as
 * `textOf` prints them.
 */
export interface Grant {
  /** The name of the resource that the statement is about: a role, a bucket policy, the function that may be invoked. */
  readonly of: string;
  readonly effect: 'Allow' | 'Deny';
  readonly action: string;
  /** Undefined where the statement has none: who may assume a role, who may invoke a function. */
  readonly on: string | undefined;
  /** Undefined in a role's own policies. */
  readonly to: string | undefined;
  /** `Bool aws:SecureTransport is false`; undefined without conditions. */
  readonly condition: string | undefined;
}

type Values = Readonly<Record<string, unknown>>;

/** Without a value for them, ARNs would not tell the account from any account. */
const PSEUDO_PARAMETERS = Object.fromEntries(
  ['Partition', 'Region', 'AccountId', 'URLSuffix'].map((name) => [`AWS::${name}`, `<${name}>`]),
);

/**
 * Every policy statement of a template, wherever it stands.
 *
 * @param attributes what `textOf` puts in the place of references
 * @throws Error when a policy says something that a `Grant` cannot
 */
export function readGrants(resources: Resources, attributes: Readonly<Record<string, string>> = {}): Grant[] {
  const values = { ...PSEUDO_PARAMETERS, ...attributes };
  const read = (value: unknown): string => textOf(value, values);
  return Object.entries(resources).flatMap(([id, { Type, Properties = {} }]) => {
    refuseUnwritten(id, Properties);
    const owners = Type === 'AWS::IAM::Policy' ? rolesOf(id, Properties) : [nameOf(id)];
    const managed = [Properties.ManagedPolicyArns ?? []].flat().map((arn) => managedPolicy(nameOf(id), read(arn)));
    const statements = Type === 'AWS::Lambda::Permission' ? [] : statementsIn(Properties);
    return [
      ...managed,
      ...owners.flatMap((of) => statements.flatMap((statement) => grantsOf(of, statement, read))),
      ...(Type === 'AWS::Lambda::Permission' ? [readPermission(id, Properties, read)] : []),
    ];
  });
}

/** `Allow s3:GetObject on <Bucket.Arn>/* to cloudfront.amazonaws.com if …` */
export const printGrant = ({ effect, action, on, to, condition }: Grant): string =>
  [effect, action, on && `on ${on}`, to && `to ${to}`, condition && `if ${condition}`].filter(Boolean).join(' ');

/** `BucketPolicy: Allow …`, every grant of a template in order of the alphabet. */
export const printGrants = (resources: Resources): string[] =>
  readGrants(resources)
    .map((grant) => `${grant.of}: ${printGrant(grant)}`)
    .sort();

/** Its statements are not in the template, so it is named in the place of an action. */
const managedPolicy = (of: string, arn: string): Grant => ({
  ...{ of, effect: 'Allow', action: `all of ${arn}` },
  ...{ on: undefined, to: undefined, condition: undefined },
});

/** What a `Grant` cannot tell, for it is not in statements. */
function refuseUnwritten(id: string, properties: Values): void {
  if ('PermissionsBoundary' in properties) throw new Error(`${id} has a PermissionsBoundary`);
  JSON.stringify(properties, (_key, value) => {
    if (typeof value === 'string' && value.includes('"Effect"')) throw new Error(`${id} has a policy in a string`);
    return value;
  });
}

/** Whatever has an `Effect` is a statement, in properties that nobody has thought of too. */
function statementsIn(value: unknown): Values[] {
  if (typeof value !== 'object' || value === null) return [];
  return 'Effect' in value ? [value as Values] : Object.values(value).flatMap(statementsIn);
}

function rolesOf(id: string, { Roles = [], Users, Groups }: Values): string[] {
  if (Users || Groups) throw new Error(`${id} is of a user or a group`);
  return (Roles as { Ref: string }[]).map(({ Ref }) => nameOf(Ref));
}

function grantsOf(of: string, statement: Values, read: (value: unknown) => string): Grant[] {
  const { Sid: _, Effect, Action, Resource, Principal, Condition, ...others } = statement;
  if (Object.keys(others).length > 0) throw new Error(`${of} has a statement with ${Object.keys(others).join(', ')}`);
  const list = (value: unknown): string[] => [value].flat().map(read);
  const some = (value: unknown): (string | undefined)[] => (value === undefined ? [undefined] : list(value));
  const condition = printCondition(Condition as Conditions | undefined, list);
  const effect = Effect as Grant['effect'];
  return list(Action).flatMap((action) =>
    some(Resource).flatMap((on) =>
      principalsOf(Principal, list).map((to) => ({ of, effect, action, on, to, condition })),
    ),
  );
}

type Conditions = Readonly<Record<string, Values>>;

function printCondition(conditions: Conditions = {}, list: (value: unknown) => string[]): string | undefined {
  const tests = Object.entries(conditions).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => `${operator} ${key} is ${list(values).join(' or ')}`),
  );
  return tests.length > 0 ? tests.sort().join(' and ') : undefined;
}

/** A service has a domain name and an account an ARN, so their kind goes without saying. */
function principalsOf(principal: unknown, list: (value: unknown) => string[]): (string | undefined)[] {
  if (principal === undefined) return [undefined];
  if (typeof principal === 'string') return [principal];
  return Object.entries(principal as Values).flatMap(([kind, names]) =>
    list(names).map((name) => (kind === 'Service' || kind === 'AWS' ? name : `${kind} ${name}`)),
  );
}

/** A permission is one statement of its function's resource policy. Source: AWS::Lambda::Permission. */
function readPermission(id: string, properties: Values, read: (value: unknown) => string): Grant {
  const { Action, FunctionName, Principal, SourceArn, SourceAccount, ...others } = properties;
  if (Object.keys(others).length > 0) throw new Error(`${id} has ${Object.keys(others).join(', ')}`);
  const [functionId = ''] = (FunctionName as { 'Fn::GetAtt': string[] })['Fn::GetAtt'];
  const condition = printCondition(
    {
      ...(SourceArn !== undefined && { ArnLike: { 'aws:SourceArn': SourceArn } }),
      ...(SourceAccount !== undefined && { StringEquals: { 'aws:SourceAccount': SourceAccount } }),
    },
    (value) => [read(value)],
  );
  const of = nameOf(functionId);
  return { of, effect: 'Allow', action: read(Action), on: undefined, to: read(Principal), condition };
}
