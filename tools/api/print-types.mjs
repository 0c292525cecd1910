// The types of what the calls take and answer, as src/api/bodies.ts has them: whoever imports them needs no package.

const HEAD = `/**
 * What the calls take and answer, as types alone. Written from the schemas in \`src/api/schemas\` by \`node tools/api/generate.mjs\`.
 */
`;

/** @param components JSON Schemas by the type's name. */
export function printTypes(components) {
  const types = Object.keys(components)
    .sort((a, b) => (a < b ? -1 : 1))
    .map((name) => printNamed(name, components[name]));
  return `${HEAD}\n${types.join('\n\n')}\n`;
}

function printNamed(name, schema) {
  const doc = schema.description ? `${comment(schema.description, '')}\n` : '';
  if (schema.properties) return `${doc}export interface ${name} ${printObject(schema, '')}`;
  return `${doc}export type ${name} = ${printType(schema)};`;
}

function printObject({ properties, required = [] }, indent) {
  const lines = Object.entries(properties).flatMap(([name, field]) => [
    ...(field.description ? [comment(field.description, `${indent}  `)] : []),
    `${indent}  readonly ${name}${required.includes(name) ? '' : '?'}: ${printType(field)};`,
  ]);
  return `{\n${lines.join('\n')}\n${indent}}`;
}

/** Fails for a schema that it does not know: a type that says less would be no error anywhere else. */
function printType(schema) {
  if (schema.$ref) return schema.$ref.replace('#/components/schemas/', '');
  if (schema.anyOf) return schema.anyOf.map(printType).join(' | ');
  if (schema.const !== undefined) return literal(schema.const);
  if (schema.enum) return schema.enum.map(literal).join(' | ');
  if (schema.type === 'array') {
    const item = printType(schema.items);
    return `readonly ${item.includes(' | ') ? `(${item})` : item}[]`;
  }
  if (schema.type === 'object' && schema.additionalProperties)
    return `Readonly<Record<string, ${printType(schema.additionalProperties)}>>`;
  if (schema.type === 'integer' || schema.type === 'number') return 'number';
  if (schema.type === 'string' || schema.type === 'boolean') return schema.type;
  throw new Error(
    `no type is known for the schema ${JSON.stringify(schema)}: give it a name, or teach tools/api/print-types.mjs`,
  );
}

const literal = (value) => `'${value}'`;

const WIDTH = 118;
function comment(text, indent) {
  const line = `${indent}/** ${text} */`;
  if (line.length <= WIDTH) return line;
  const lines = [''];
  for (const word of text.split(' ')) {
    const joined = `${lines.at(-1)} ${word}`;
    if (indent.length + joined.length + 2 <= WIDTH) lines[lines.length - 1] = joined;
    else lines.push(` ${word}`);
  }
  return [`${indent}/**`, ...lines.map((one) => `${indent} *${one}`), `${indent} */`].join('\n');
}
