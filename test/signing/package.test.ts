import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { run } from '../run-local';

const script = `
  const { privateKey, publicKey } = generateKeyPair({ keyType: 'ECDSA' });
  const keyPairId = 'K2JCJMDEHXQW5F';
  const url = signUrl('https://d111111abcdef8.cloudfront.net/report.pdf', { keyPairId, privateKey, expiresIn: 900 });
  console.log(verifyUrl(url, { publicKeys: { [keyPairId]: publicKey }, now: new Date() }).resource);`;
const names = '{ generateKeyPair, signUrl, verifyUrl }';

describe("the package's signing core", () => {
  it.each([
    ['require', ['-e', `const ${names} = require('edgepass');${script}`]],
    ['import', ['--input-type=module', '-e', `import ${names} from 'edgepass';${script}`]],
  ])('%s takes the signing core in the checkout', async (_, args) => {
    const { code, stdout, stderr } = await run(process.execPath, args);
    expect(stderr).toBe('');
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'https://d111111abcdef8.cloudfront.net/report.pdf\n' });
  });

  it('is under 12 KiB when bundled alone, minified and gzipped, and imports nothing but node:crypto', async () => {
    const { outputFiles, metafile } = await build({
      entryPoints: [join(__dirname, '..', '..', 'src', 'signing', 'index.ts')],
      bundle: true,
      minify: true,
      platform: 'node',
      format: 'esm',
      write: false,
      metafile: true,
    });
    expect(gzipSync(outputFiles[0]?.contents ?? '').byteLength).toBeLessThan(12 * 1024);
    const imports = Object.values(metafile.outputs).flatMap((output) => output.imports.map(({ path }) => path));
    expect(new Set(imports).size).toBeGreaterThan(0);
    for (const path of imports) expect(path).toMatch(/^node:(crypto|util|net|buffer)$/);
  });
});
