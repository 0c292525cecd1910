import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run, temporaryFolder } from '../run-local';

const EXAMPLES = join(__dirname, '..', '..', 'examples');
const names = readdirSync(EXAMPLES, { withFileTypes: true }).filter((entry) => entry.isDirectory());

describe.each(names)('the example $name', ({ name }) => {
  it('passes the CDK’s template validation, run as a user does', async () => {
    const outdir = join(temporaryFolder(), 'assembly');
    const env = { ...process.env, CDK_OUTDIR: outdir, CDK_VALIDATION: 'true' };
    const { code, stderr } = await run(process.execPath, [join(EXAMPLES, name, 'app.mjs')], env);
    expect([code, stderr]).toEqual([0, '']);
    const report = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8'));
    expect(report.pluginReports).toEqual([]);
  });
});
