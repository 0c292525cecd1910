import type { TemplateResource } from './template';

/** The logical ids that a value of a template refers to, by `Ref`, `Fn::GetAtt` or `Fn::Sub`. Pseudo parameters are among them. */
export function referencesOf(value: unknown): Set<string> {
  const found = new Set<string>();
  collect(value, found);
  return found;
}

/** What has to exist before this resource. */
export function dependenciesOf(resource: TemplateResource): Set<string> {
  const { DependsOn = [], Properties } = resource;
  return new Set([...referencesOf(Properties), ...(typeof DependsOn === 'string' ? [DependsOn] : DependsOn)]);
}

function collect(value: unknown, found: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) collect(item, found);
    return;
  }
  for (const [name, argument] of Object.entries(value)) {
    if (name === 'Ref') found.add(String(argument));
    else if (name === 'Fn::GetAtt') found.add(attributeReference(argument)[0]);
    else if (name === 'Fn::Sub') collectSubstitution(argument, found);
    else collect(argument, found);
  }
}

function collectSubstitution(argument: unknown, found: Set<string>): void {
  const [text, variables = {}] = (Array.isArray(argument) ? argument : [argument]) as [
    string,
    Record<string, unknown>?,
  ];
  collect(variables, found);
  for (const name of substitutionsOf(text)) {
    if (!(name in variables)) found.add(name.split('.')[0] ?? name);
  }
}

/** The names in `${…}`; `${!literal}` is none. */
export const substitutionsOf = (text: string): string[] =>
  [...text.matchAll(/\$\{([^!}][^}]*)\}/g)].map(([, name = '']) => name.trim());

/** `Fn::GetAtt` takes `[id, attribute]`, or `id.attribute` in YAML's short form. */
export function attributeReference(argument: unknown): [logicalId: string, attribute: string] {
  const parts = Array.isArray(argument) ? argument.map(String) : String(argument).split('.');
  const [logicalId = '', ...attribute] = parts;
  return [logicalId, attribute.join('.')];
}

/** Orders logical ids so that each comes after what it depends on. @throws Error naming a cycle. */
export function inDependencyOrder(resources: Readonly<Record<string, TemplateResource>>): string[] {
  const ordered = new Set<string>();
  const visit = (id: string, path: readonly string[]): void => {
    const resource = resources[id];
    if (!resource || ordered.has(id)) return;
    if (path.includes(id)) throw new Error(`the template has a circular dependency: ${[...path, id].join(' -> ')}`);
    for (const dependency of dependenciesOf(resource)) visit(dependency, [...path, id]);
    ordered.add(id);
  };
  for (const id of Object.keys(resources)) visit(id, []);
  return [...ordered];
}
