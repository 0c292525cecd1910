// docs/fidelity.md, from the rows and from what the simulators say of themselves.
import { readdirSync, readFileSync } from 'node:fs';

const SOURCES = {
  D: 'AWS documents it',
  C: 'captured from CloudFront by somebody who published it',
  INF: 'inferred from those',
  UNV: 'nobody could verify it; the local runtime takes the safe reading',
};
const SIMULATORS = [
  'cloudfront/edge/edge.ts',
  'cloudfront/control-api/control-api.ts',
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

What the local distribution answers, case by case: ${rows.length} rows of \`test/conformance/rows.json\`, run by \`npm test\` against the local runtime. With an
AWS account \`npm run test:aws\` asks the same rows of a stack that it deploys and destroys, and tells the differences; where the two differ,
a row is wrong. **It has never run against AWS**: nobody who works on this has an account. Its runner is tested against a local runtime. This page is written
from the rows by \`node test/conformance/generate.mjs\`.

| source | means | rows |
| --- | --- | --- |
${counts.join('\n')}

## Gaps, and what is so by design

Taken from the heads of the simulators' files.

${SIMULATORS.map(gapsOf).join('\n\n')}

## What nobody could verify

Every \`[UNV]\` of the edge and the signing core, with the reading that the local runtime takes: what a probe of a real distribution would have to settle.
The rows marked UNV below, and the probes of \`test/aws/probes.ts\`, are the part of it that \`npm run test:aws\` asks; it prints both answers.

| where | reading |
| --- | --- |
${['signing', 'local/cloudfront'].flatMap(unverified).join('\n')}

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

/** From each `[UNV]` to the end of its sentence, or of the sentences up to the next mark. */
function unverified(folder) {
  const base = new URL(`../../src/${folder}/`, import.meta.url);
  const files = readdirSync(base, { recursive: true }).filter((file) => /(?<!\.test|\.fixture)\.ts$/.test(file));
  return files.sort().flatMap((file) => {
    const text = readFileSync(new URL(file, base), 'utf8');
    const blocks = [...text.matchAll(/\/\*\*(.*?)\*\//gs)].map(([, block]) => block);
    const lines = [...text.matchAll(/^\s*\/\/(.*)$/gm)].map(([, line]) => line);
    const comments = [...blocks, ...lines];
    const prose = comments.map((comment) => comment.replaceAll(/\n\s*\* ?/g, ' ').trim());
    const readings = prose.flatMap((comment) => {
      const [before, ...after] = comment.split('[UNV]');
      // A mark that is about the sentence before it says nothing without that.
      return after.map((reading) =>
        /^ [a-z]/.test(reading)
          ? `${before
              .trim()
              .split(/(?<=\.) /)
              .at(-1)}${reading}`
          : reading,
      );
    });
    return readings.map(
      (reading) =>
        `| \`${folder}/${file}\` | ${cell(reading.split(/\[[DC]\]|(?<=\.)\s+(?=(?:Gaps|Source):)/)[0].trim())} |`,
    );
  });
}

const cell = (text) => String(text).replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('\n', ' ');
