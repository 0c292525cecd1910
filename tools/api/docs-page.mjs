// docs/api.md: the tables between `<!-- NAME -->` and `<!-- / -->` are written from the table of calls, their schemas and the problems. A call
// without a section gets one.

/** Returns the page with its tables as the code has them. */
export function docsPage(page, { calls: { CALLS }, problems: { PROBLEMS } }, schemas) {
  const missing = CALLS.filter((call) => !page.includes(`# ${heading(call)}\n`));
  const sections = missing.map((call) => printSection(call, schemas));
  const whole =
    sections.length > 0
      ? page.replace(/^## GET openapi\.json$/m, (before) => [...sections, before].join('\n\n'))
      : page;
  const tables = {
    calls: () => callsTable(CALLS),
    problems: () => problemsTable(PROBLEMS),
    ...Object.fromEntries(CALLS.map(({ operationId }) => [operationId, () => fieldsTable(operationId, schemas)])),
  };
  return whole.replace(/<!-- (\w+) -->\n.*?<!-- \/ -->/gs, (_all, name) => {
    if (!tables[name]) throw new Error(`docs/api.md has a marker for ${name}, which nothing writes`);
    return `<!-- ${name} -->\n\n${tables[name]()}\n\n<!-- / -->`;
  });
}

export const heading = ({ method, path }) => `${method} ${path.slice(1).replace('+}', '}')}`;

const callsTable = (calls) =>
  table(
    ['call', 'does', 'scope', 'answers', 'where'],
    calls.map((call) => [
      `\`${heading(call)}\``,
      call.summary.replace(/\.$/, ''),
      call.action ? `\`${call.action}\`` : '',
      String(call.status),
      [call.feature && `${call.feature} are enabled`, call.isOpen && 'open to anybody'].filter(Boolean).join(', '),
    ]),
  );

function fieldsTable(operationId, { components, calls }) {
  const { path = {}, query, body } = calls[operationId];
  const name = body ?? query;
  const fields = { ...(name === undefined ? {} : components[name].properties), ...(name === undefined ? path : {}) };
  return table(
    [body ? 'field' : 'parameter', 'means'],
    Object.entries(fields).map(([field, { description = '' }]) => [`\`${field}\``, description.replace(/\.$/, '')]),
  );
}

const problemsTable = (problems) =>
  table(
    ['status', 'code', 'what to do'],
    [
      ...Object.entries(problems).map(([code, { status, fix }]) => [String(status), `\`${code}\``, fix]),
      [
        '502',
        "AWS's own code, such as `AccessDenied`",
        'the function may not do what it tried; `detail` names principal, action and resource',
      ],
    ].sort(([a], [b]) => Number(a) - Number(b)),
  );

function printSection(call, { components, calls }) {
  const { operationId, summary, status } = call;
  const { body, query, response } = calls[operationId];
  const example = (name) => `\`\`\`json\n${JSON.stringify(sample(components[name], components))}\n\`\`\``;
  return [
    `## ${heading(call)}`,
    summary,
    ...(body || query ? [`<!-- ${operationId} -->\n<!-- / -->`] : []),
    ...(body ? [example(body)] : []),
    response ? `Answers \`${status}\`:` : `Answers \`${status}\`.`,
    ...(response ? [example(response)] : []),
  ].join('\n\n');
}

/** Returns a value of the schema, for an example that somebody may replace by a better one. */
function sample(schema, components) {
  if (schema.$ref) return sample(components[schema.$ref.replace('#/components/schemas/', '')], components);
  if (schema.anyOf) return sample(schema.anyOf[0], components);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  if (schema.type === 'array') return [sample(schema.items, components)];
  if (schema.properties)
    return Object.fromEntries(
      (schema.required ?? []).map((name) => [name, sample(schema.properties[name], components)]),
    );
  if (schema.type === 'object') return {};
  if (schema.type === 'boolean') return true;
  if (schema.type !== 'string') return schema.minimum ?? 1;
  return schema.format === 'date-time' ? '2026-01-02T03:04:05.000Z' : '…';
}

/** As the formatter has it. */
function table(head, rows) {
  const cells = [head, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = head.map((_, at) => Math.max(3, ...cells.map((row) => row[at].length)));
  const line = (row) => `| ${row.map((cell, at) => cell.padEnd(widths[at])).join(' | ')} |`;
  const [first, ...others] = cells;
  return [line(first), line(widths.map((width) => '-'.repeat(width))), ...others.map(line)].join('\n');
}
