import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { PrivateContent, type PrivateContentProps } from 'edgepass/cdk';
import { newApp } from '../new-app';

export interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template's properties are of every shape
  readonly Properties: Record<string, any>;
  readonly DependsOn?: string | string[];
  readonly DeletionPolicy?: string;
}

export type Resources = Readonly<Record<string, Resource>>;

/** The resources of a stack with one `PrivateContent`. */
export function synthesizeContent(props: PrivateContentProps = {}): Resources {
  const stack = new Stack(newApp(), 'Edgepass');
  new PrivateContent(stack, 'PrivateContent', props);
  return resourcesOf(stack);
}

/** The resources of a stack, in an app with whatever it refers to. */
export const resourcesOf = (stack: Stack): Resources => Template.fromStack(stack).toJSON().Resources as Resources;

export const ofType = (resources: Resources, type: string): [string, Resource][] =>
  Object.entries(resources).filter(([, { Type }]) => Type === type);

/** The one resource of a type. */
export function only(resources: Resources, type: string): Resource['Properties'] {
  const [found, another] = ofType(resources, type);
  if (!found || another) throw new Error(`there is not one ${type}`);
  return found[1].Properties;
}

/** A logical id without the CDK's hash, and without the construct they all are in. */
export const nameOf = (logicalId: string): string =>
  logicalId.replace(/^PrivateContent/, '').replace(/[0-9A-F]{8}$/, '');

/**
 * A value as text: `Ref`s and `Fn::GetAtt`s as `<NAME>`, or as `attributes` has them; joined and split as CloudFormation does. The ARNs' partition, region and account
 * are left out, where `attributes` does not have them.
 */
export function textOf(value: unknown, attributes: Readonly<Record<string, string>> = {}): string {
  const read = (part: unknown): string => textOf(part, attributes);
  if (typeof value !== 'object' || value === null) return String(value);
  const [[kind, argument] = ['', undefined]] = Object.entries(value) as [string, unknown][];
  if (kind === 'Ref' && String(argument).startsWith('AWS::')) return attributes[String(argument)] ?? '';
  if (kind === 'Ref') return attributes[nameOf(String(argument))] ?? `<${nameOf(String(argument))}>`;
  if (kind === 'Fn::Sub' && typeof argument === 'string')
    return argument.replaceAll(/\$\{(AWS::\w+)\}/g, (_, name) => read({ Ref: name }));
  if (kind === 'Fn::GetAtt') {
    const [id = '', attribute = ''] = argument as string[];
    return attributes[`${nameOf(id)}.${attribute}`] ?? `<${nameOf(id)}.${attribute}>`;
  }
  if (kind === 'Fn::Join') {
    const [separator, parts] = argument as [string, unknown];
    return (Array.isArray(parts) ? parts.map(read) : splitOf(parts, read)).join(separator);
  }
  if (kind === 'Fn::ImportValue') return importedName(String(argument));
  throw new Error(`the test does not know ${kind}`);
}

/** `STACK:ExportsOutputFnGetAttLOGICALIDArnHASH` as `<STACK:NAME.Arn>`. */
function importedName(text: string): string {
  const [, stack, id = '', attribute] =
    /^(.*):ExportsOutput(?:Ref|FnGetAtt)(.*?[0-9A-F]{8})([A-Za-z]*)[0-9A-F]{8}$/.exec(text) ?? [];
  return `<${stack}:${nameOf(id)}${attribute ? `.${attribute}` : ''}>`;
}

function splitOf(value: unknown, read: (part: unknown) => string): string[] {
  const [separator = '', text] = (value as { 'Fn::Split': string[] })['Fn::Split'];
  return read(text).split(separator);
}

/** By the construct's name, `ApiSigner`: what its role may do, one line an action and resource. Besides writing to its own log group. */
export function privileges(resources: Resources, name: string): string[] {
  const [, role] = ofType(resources, 'AWS::IAM::Role').find(([id]) => nameOf(id) === `${name}Role`) ?? [];
  if (!role) throw new Error(`there is no role of ${name}`);
  const { Policies = [], ManagedPolicyArns } = role.Properties;
  if (ManagedPolicyArns) throw new Error(`${name} has managed policies`);
  const attached = ofType(resources, 'AWS::IAM::Policy').filter(([id]) => nameOf(id).startsWith(`${name}Role`));
  const documents = [...Policies, ...attached.map(([, { Properties }]) => Properties)];
  const statements = documents.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
  return statements
    .flatMap(({ Effect, Action, Resource: on, Condition, NotAction, NotResource }) => {
      if (Effect !== 'Allow' || Condition || NotAction || NotResource)
        throw new Error('a statement is of another kind');
      return [Action].flat().flatMap((action) => [on].flat().map((one) => `${action} ${textOf(one)}`));
    })
    .sort();
}

/** The environment variables of the function of that name. */
export function environmentOf(
  resources: Resources,
  name: string,
  attributes: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const [, found] = ofType(resources, 'AWS::Lambda::Function').find(([id]) => nameOf(id) === `${name}Function`) ?? [];
  if (!found) throw new Error(`there is no function ${name}`);
  const variables: Record<string, unknown> = found.Properties.Environment?.Variables ?? {};
  return Object.fromEntries(Object.entries(variables).map(([key, value]) => [key, textOf(value, attributes)]));
}

/** The names of resources that depend on themselves, by way of others; empty where CloudFormation can create all. */
export function findCycle(resources: Resources): string[] {
  const done = new Set<string>();
  const visit = (id: string, path: string[]): string[] => {
    if (path.includes(id)) return [...path.slice(path.indexOf(id)), id].map(nameOf);
    if (done.has(id)) return [];
    for (const next of dependenciesOf(resources[id], resources)) {
      const cycle = visit(next, [...path, id]);
      if (cycle.length > 0) return cycle;
    }
    done.add(id);
    return [];
  };
  for (const id of Object.keys(resources)) {
    const cycle = visit(id, []);
    if (cycle.length > 0) return cycle;
  }
  return [];
}

function dependenciesOf(resource: Resource | undefined, resources: Resources): string[] {
  const found = new Set([resource?.DependsOn ?? []].flat());
  JSON.stringify(resource?.Properties ?? {}, (key, value) => {
    if (key === 'Ref') found.add(value);
    if (key === 'Fn::GetAtt') found.add(value[0]);
    if (key === 'Fn::Sub' && /\$\{(?!AWS::)/.test(value)) throw new Error('the test does not read such an Fn::Sub');
    return value;
  });
  return [...found].filter((id) => id in resources);
}
