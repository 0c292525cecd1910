// docs/fidelity.md, from the rows and from what the simulators say of themselves.
import { readFileSync } from 'node:fs';

const SOURCES = {
  D: 'AWS documents it',
  C: 'captured from CloudFront by somebody who published it',
  INF: 'inferred from those',
  UNV: 'nobody could verify it; home takes the safe reading',
};
const SIMULATORS = [
  'cloudfront/edge/edge.ts',
  'cloudfront/invalidation-api.ts',
  's3/s3.ts',
  'iam/authorize.ts',
  'lambda/lambda.ts',
];

export function page({ rows }) {
  const count = (source) => rows.filter((row) => row.source === source).length;
  const counts = Object.entries(SOURCES).map(([source, meaning]) => `| ${source} | ${meaning} | ${count(source)} |`);
  const lines = rows.map(
    ({ id, title, source, expect }) => `| ${id} | ${cell(title)} | ${source} | ${cell(brief(expect))} |`,
  );
  return `# Fidelity

What the distribution at home answers, case by case: ${rows.length} rows of \`test/conformance/rows.json\`, run by \`npm test\` against home. With
\`EDGEPASS_AWS=1\` the same rows run against a deployed stack (see the head of \`test/conformance/conformance.test.ts\`); where the two
differ, a row is wrong. This page is written from the rows by \`node test/conformance/generate.mjs\`.

| source | means | rows |
| --- | --- | --- |
${counts.join('\n')}

## Gaps, and what is so by design

Taken from the heads of the simulators' files.

${SIMULATORS.map(gapsOf).join('\n\n')}

## The rows

| row | case | source | answer |
| --- | --- | --- | --- |
${lines.join('\n')}
`;
}

function brief({ status, code, body, headers = {}, contains }) {
  const said = [
    status,
    code,
    headers['x-cache']?.replace(' from cloudfront', ''),
    headers['content-range'],
    headers['content-encoding'] !== undefined && (headers['content-encoding'] ?? 'not compressed'),
    code === undefined && body !== undefined && body !== '' && 'the object',
    contains,
  ];
  return said.filter(Boolean).join(', ') || 'the headers';
}

function gapsOf(file) {
  const text = readFileSync(new URL(`../../src/local/${file}`, import.meta.url), 'utf8');
  const comment =
    [...text.matchAll(/\/\*\*\n(.*?)\*\//gs)].map(([, inner]) => inner).find((inner) => /Gaps?[:,]/.test(inner)) ?? '';
  const prose = comment.replaceAll(/^ \* ?/gm, '').trim();
  return `**\`src/local/${file}\`**\n\n${prose}`;
}

const cell = (text) => String(text).replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('\n', ' ');
