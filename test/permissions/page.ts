import { nameOf, ofType, type Resource, type Resources } from '../cdk/read-template';
import { type Grant, readGrants } from './grants';
import { ALWAYS, BY_PROPERTY } from './specification';

export interface PageInputs {
  /** Of a stack that has every function. */
  readonly resources: Resources;
  /** The name of a function's bundle. */
  bundleOf(code: Readonly<Record<string, unknown>>): string;
}

/** docs/permissions.md */
export function permissionsPage({ resources, bundleOf }: PageInputs): string {
  const grants = readGrants(resources, stageNames(resources));
  const functions = ofType(resources, 'AWS::Lambda::Function').sort(byName);
  const roles = new Set(ofType(resources, 'AWS::IAM::Role').map(([id]) => nameOf(id)));
  const ofFunctions = new Set(functions.flatMap(([id, { Properties }]) => [nameOf(id), roleOf(Properties)]));
  const others = [...new Set(grants.map(({ of }) => of))].filter((of) => !ofFunctions.has(of)).sort();

  const section = ([id, { Properties }]: [string, Resource]): string => {
    const name = nameOf(id);
    const property = propertyOf(roleOf(Properties));
    const role = grants.filter(({ of }) => of === roleOf(Properties));
    const assumedBy = role.filter(({ action }) => action === 'sts:AssumeRole').map(({ to }) => code(to));
    return `### ${name.replace(/Function$/, '')}

${Properties.Description}. Bundle \`${bundleOf(Properties.Code)}\`${property && `, only with \`${property}\``}. Its role is assumed by ${assumedBy.join(', ')}.

${actionTable(role.filter(({ to }) => to === undefined))}

${invokers(grants.filter(({ of }) => of === name))}`;
  };

  return `# Permissions

What every function may do, who may invoke it, and every policy of a resource. Written from the template of a stack with every property and a JWT
authorizer by \`npx vitest run test/permissions/page -u\`; \`npm test\` fails where the two differ. \`test/permissions/specification.ts\` says the same
by hand, and \`test/permissions/enforced.test.ts\` makes each call to the local runtime with the function's own credentials: what is here works, and what is beside it is refused.

\`<Bucket>\` is that resource of the stack. Of ARNs in the stack's own partition, region and account only the rest is shown. Here the stack's name is
\`Edgepass\`, and \`uploads.prefix\` is \`in/\`.

## Functions

Each has a role of its own. What is not in its table is refused.

${functions.map(section).join('\n\n')}

## Policies of resources

${others
  .filter((of) => !roles.has(of))
  .map((of) => `### ${of}\n\n${statementTable(grants.filter((grant) => grant.of === of))}`)
  .join('\n\n')}

## Other roles

${otherRoles(
  others.filter((of) => roles.has(of)),
  grants,
)}
`;
}

/** The property that brings a role; empty where it is always there. */
function propertyOf(role: string): string {
  if (role in ALWAYS) return '';
  const [property] = Object.entries(BY_PROPERTY).find(([, table]) => role in table) ?? [];
  if (property === undefined) throw new Error(`no table of the specification has ${role}`);
  return property;
}

/** A stage's `Ref` is its name. */
const stageNames = (resources: Resources): Record<string, string> =>
  Object.fromEntries(
    ofType(resources, 'AWS::ApiGateway::Stage').map(([id, { Properties }]) => [nameOf(id), Properties.StageName]),
  );

const byName = ([a]: [string, Resource], [b]: [string, Resource]): number => (nameOf(a) < nameOf(b) ? -1 : 1);

const roleOf = ({ Role }: Resource['Properties']): string => nameOf(Role['Fn::GetAtt'][0]);

function actionTable(grants: Grant[]): string {
  const rows = grants.map(({ effect, action, on, condition }) => {
    const limits = `${condition ? `, if ${code(condition)}` : ''}${effect === 'Deny' ? ': denied' : ''}`;
    return [code(action), `${code(on)}${limits}`];
  });
  return table(['may', 'on'], rows);
}

const statementTable = (grants: Grant[]): string =>
  table(
    ['effect', 'who', 'action', 'on', 'if'],
    grants.map(({ effect, action, on, to, condition }) => [effect, code(to), code(action), code(on), code(condition)]),
  );

/** As the formatter has it, the rows in order of the alphabet. */
function table(head: string[], rows: string[][]): string {
  const widths = head.map((name, at) => Math.max(3, name.length, ...rows.map((row) => row[at]?.length ?? 0)));
  const line = (cells: string[]): string => `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line).sort()].join('\n');
}

function invokers(grants: Grant[]): string {
  if (grants.length === 0)
    return 'It has no resource policy: whoever invokes it needs a permission of their own, as who deploys has for the custom resource.';
  const lines = grants.map(
    ({ to, condition = 'always' }) => `- ${code(to)} for ${code(condition.replace(/^ArnLike aws:SourceArn is /, ''))}`,
  );
  return ['Invoked by:', '', ...lines.sort()].join('\n');
}

function otherRoles(names: string[], grants: Grant[]): string {
  if (names.length === 0) return 'None.';
  return names.map((of) => `### ${of}\n\n${statementTable(grants.filter((grant) => grant.of === of))}`).join('\n\n');
}

const code = (text: string | undefined): string => (text === undefined ? '' : `\`${short(text)}\``);

const short = (text: string): string =>
  text.replaceAll(/arn:<Partition>:[\w-]+:(<Region>)?:(<AccountId>)?:/g, '').replaceAll(/<(\w+)\.Arn>/g, '<$1>');
