/**
 * What works of this package where its optional dependencies, or the CDK, were left out. `install.full.test.ts` lets npm leave them out.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { cliOf, installWithout, OPTIONAL_PACKAGES, runIn } from './install-without';
import { ANY_PORTS, run, startDevOf, temporaryFolder } from './run-local';

const { optionalDependencies } = JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8'));
/** The line that installs every optional package. */
const INSTALL = `npm install ${OPTIONAL_PACKAGES.map((name) => `${name}@${optionalDependencies[name]}`).join(' ')}`;

describe('edgepass without its optional dependencies', () => {
  it('is a signer', async () => {
    const project = installWithout(...OPTIONAL_PACKAGES);
    const { stdout, stderr } = await runIn(
      project,
      `import { generateKeyPairSync } from 'node:crypto';
      import { signUrl } from 'edgepass';
      const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      console.log(signUrl('https://d111111abcdef8.cloudfront.net/a.txt', {
        keyPairId: 'K2JCJMDEHXQW5F', privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }), expiresIn: 900,
      }));`,
    );
    expect([stderr, stdout]).toEqual(['', expect.stringContaining('Key-Pair-Id=K2JCJMDEHXQW5F')]);
  });

  it('says in its command which package is missing, and the line that installs all', async () => {
    const project = installWithout(...OPTIONAL_PACKAGES);
    const { code, stdout, stderr } = await run(process.execPath, [cliOf(project), '--help']);
    expect([code, stdout, stderr]).toEqual([
      1,
      '',
      `edgepass: this needs commander, which is not installed: ${INSTALL}\n`,
    ]);
  });

  it('says so in edgepass/local', async () => {
    const project = installWithout(...OPTIONAL_PACKAGES);
    const { stdout, stderr } = await runIn(
      project,
      `import { startLocal } from 'edgepass/local';
      startLocal({ dataDir: ${JSON.stringify(join(project, 'data'))}, assembly: 'none', ports: { aws: 0, api: 0, distribution: 0 } })
        .catch(({ code, message }) => console.log(code, message));`,
    );
    expect([stderr, stdout]).toEqual(['', `ERR_PACKAGE_MISSING this needs lmdb, which is not installed: ${INSTALL}\n`]);
  });

  it('installs only what is missing', async () => {
    const { stderr } = await run(process.execPath, [
      cliOf(installWithout('lmdb')),
      'dev',
      '--data-dir',
      join(temporaryFolder(), 'data'),
      ...ANY_PORTS,
    ]);
    expect(stderr).toBe(
      `edgepass: this needs lmdb, which is not installed: npm install lmdb@${optionalDependencies.lmdb}\n`,
    );
  });
});

describe('edgepass without the CDK', () => {
  it('boots the ready-made stack', async () => {
    const project = installWithout('aws-cdk', 'aws-cdk-lib', 'constructs', '@aws-sdk');
    const dev = await startDevOf(cliOf(project), '--data-dir', join(project, 'data'), ...ANY_PORTS);
    onTestFinished(async () => {
      dev.process.kill('SIGKILL');
      await dev.ended;
    });
    expect(dev.printed()).toContain('web page');
  });
});
