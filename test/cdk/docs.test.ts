import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(__dirname, '..', '..');

describe("the construct's page", () => {
  it('docs/private-content.md lists every warning that there is', () => {
    const folder = join(root, 'src', 'cdk');
    const sources = readdirSync(folder, { encoding: 'utf8', recursive: true }).filter(
      (file) => file.endsWith('.ts') && !file.endsWith('.test.ts'),
    );
    const text = sources.map((file) => readFileSync(join(folder, file), 'utf8')).join('\n');
    // `warn('id', …)` and `addStatementWarning(scope, 'id', …)` put `edgepass:` before.
    const ids = [...text.matchAll(/'edgepass:(\w+)'|\b(?:warn|addStatementWarning)\(\s*(?:scope,\s*)?'(\w+)'/g)].map(
      ([, id, warned]) => id ?? warned,
    );
    const [, warnings = ''] = readFileSync(join(root, 'docs', 'private-content.md'), 'utf8').split('## Warnings');
    const listed = [...warnings.matchAll(/^\| `(\w+)`/gm)].map(([, id]) => id);
    expect(listed.sort()).toEqual([...new Set(ids)].sort());
    expect(listed.length).toBeGreaterThan(5);
  });
});
