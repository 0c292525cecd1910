/** A synthesized template as a person reads it: what `Fn::Sub` would write for references, short values in one line, and no digests of code. */
export function printTemplate(template: object): string {
  const text = print(simplify(template), '');
  const withoutAssets = text.replace(/\b[0-9a-f]{64}\b/g, 'DIGEST');
  return `${withoutAssets.replace(/(RestApiDeployment[0-9A-F]{8})[0-9a-f]{32}\b/g, '$1DIGEST')}\n`;
}

function simplify(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(simplify);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, simplify(item)] as const);
  const [[kind, argument] = ['', undefined], ...others] = entries;
  if (others.length > 0) return Object.fromEntries(entries);
  if (kind === 'Ref') return `\${${argument}}`;
  if (kind === 'Fn::GetAtt') return `\${${(argument as string[]).join('.')}}`;
  if (kind === 'Fn::Join') {
    const [separator, parts] = argument as [string, unknown];
    if (Array.isArray(parts) && parts.every((part) => typeof part === 'string')) return parts.join(separator);
  }
  return Object.fromEntries(entries);
}

const WIDTH = 120;

function print(value: unknown, indent: string): string {
  const line = JSON.stringify(value);
  if (line.length + indent.length <= WIDTH || typeof value !== 'object' || value === null) return line;
  const inner = `${indent}  `;
  const items = Array.isArray(value)
    ? value.map((item) => print(item, inner))
    : Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${print(item, inner)}`);
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  return [open, ...items.map((item, at) => `${inner}${item}${at < items.length - 1 ? ',' : ''}`), indent + close].join(
    '\n',
  );
}
