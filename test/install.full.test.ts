/** The packed tarball, installed by npm into a project of its own. */
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { cliOf, runIn } from './install-without';
import { ANY_PORTS, run, startDevOf, temporaryFolder } from './run-local';

const ROOT = join(__dirname, '..');
const LARGEST_INSTALL = 45_000_000;

const packed = temporaryFolder(afterAll);
let tarball: string;
beforeAll(async () => {
  const { code, stderr } = await run('npm', ['pack', ROOT, '--pack-destination', packed, '--ignore-scripts']);
  expect([code, stderr]).toEqual([0, expect.any(String)]);
  const [name = ''] = readdirSync(packed);
  tarball = join(packed, name);
});

/** The folder of a project that has installed it. */
async function install(...options: string[]): Promise<string> {
  const project = temporaryFolder();
  writeFileSync(join(project, 'package.json'), '{}');
  const { code, stderr } = await run('npm', [
    'install',
    '--prefix',
    project,
    '--no-audit',
    '--no-fund',
    ...options,
    tarball,
  ]);
  expect([code, stderr]).toEqual([0, expect.any(String)]);
  return project;
}

/** The package, not npm's own notes. */
const packagesOf = (project: string): string[] =>
  readdirSync(join(project, 'node_modules')).filter((name) => !name.startsWith('.'));
const bytesOf = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);

describe('the tarball, installed as it is', () => {
  it('takes at most 45 MB, boots the ready-made stack and needs neither the CDK nor the AWS SDK', async () => {
    const project = await install();
    const modules = join(project, 'node_modules');
    expect(bytesOf(modules)).toBeLessThanOrEqual(LARGEST_INSTALL);
    expect(packagesOf(project).filter((name) => /aws|cdk|constructs/.test(name))).toEqual([]);
    const dev = await startDevOf(cliOf(project), '--data-dir', join(project, 'data'), ...ANY_PORTS);
    onTestFinished(async () => {
      dev.process.kill('SIGKILL');
      await dev.ended;
    });
    expect(dev.printed()).toContain('web page');
  });
});

describe('the tarball, installed with --omit=optional', () => {
  it('is the one package that there is, and a signer', async () => {
    const project = await install('--omit=optional');
    expect(packagesOf(project)).toEqual(['edgepass']);
    const { stdout } = await runIn(project, `import { signUrl } from 'edgepass'; console.log(typeof signUrl);`);
    expect(stdout).toBe('function\n');
  });

  it('names what its command needs with a line that mends it', async () => {
    const project = await install('--omit=optional');
    const { stderr } = await run(process.execPath, [cliOf(project), 'env']);
    const [, words = ''] = /^edgepass: this needs commander, which is not installed: npm (.*)$/m.exec(stderr) ?? [];
    const mended = await run('npm', [...words.split(' '), '--prefix', project, '--no-audit', '--no-fund']);
    expect([mended.code, mended.stderr]).toEqual([0, expect.any(String)]);
    const dev = await startDevOf(cliOf(project), '--data-dir', join(project, 'data'), ...ANY_PORTS);
    onTestFinished(async () => {
      dev.process.kill('SIGKILL');
      await dev.ended;
    });
    expect(dev.printed()).toContain('web page');
  });
});
