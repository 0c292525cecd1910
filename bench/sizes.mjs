// What edgepass takes of other people's disks and bundles, in bytes: the packed tarball installed by npm into an empty project, with and
// without its optional dependencies, and what esbuild makes of its two small entries.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const KB = 1000;
const MB = 1000 * KB;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = mkdtempSync(join(tmpdir(), 'edgepass-bench-'));
try {
  npm('pack', root, '--pack-destination', folder, '--ignore-scripts');
  const [tarball] = readdirSync(folder).map((name) => join(folder, name));
  const whole = install('whole', tarball);
  const signer = install('signer', tarball, '--omit=optional');
  console.log('sizes, minified where bundled');
  line('import edgepass, bundled for Node.js', bundled('edgepass', 'node'), KB, 40);
  line('import edgepass/client, bundled for a browser', bundled('edgepass/client', 'browser'), KB, 15);
  line('the tarball', statSync(tarball).size, MB);
  line('the install of somebody who runs it', bytesOf(whole), MB, 45);
  for (const [name, bytes] of largest(whole)) line(`  of these ${name}`, bytes, MB);
  line('the install of a signer, --omit=optional', bytesOf(signer), MB);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function npm(...args) {
  const { status, stderr } = spawnSync('npm', args, { encoding: 'utf8', shell: process.platform === 'win32' });
  if (status !== 0) throw new Error(`npm ${args[0]} ended with ${status}:\n${stderr}`);
}

/** The node_modules of a project that has installed the tarball alone. */
function install(name, tarball, ...options) {
  const project = mkdtempSync(join(folder, name));
  writeFileSync(join(project, 'package.json'), '{}');
  npm('install', '--prefix', project, '--no-audit', '--no-fund', ...options, tarball);
  return join(project, 'node_modules');
}

function bundled(name, platform) {
  const { outputFiles } = buildSync({
    stdin: { contents: `export * from '${name}';`, resolveDir: root },
    bundle: true,
    minify: true,
    format: 'esm',
    platform,
    write: false,
  });
  return outputFiles[0].contents.byteLength;
}

function bytesOf(path) {
  const found = statSync(path);
  if (!found.isDirectory()) return found.size;
  return readdirSync(path).reduce((sum, name) => sum + bytesOf(join(path, name)), 0);
}

/** The five packages, or scopes, that take the most. */
function largest(modules) {
  const sizes = readdirSync(modules).map((name) => [name, bytesOf(join(modules, name))]);
  return sizes.sort(([, one], [, other]) => other - one).slice(0, 5);
}

function line(what, bytes, unit, aim) {
  const name = unit === MB ? 'MB' : 'KB';
  const verdict = aim === undefined ? '' : `; the aim, ${aim} ${name}: ${bytes <= aim * unit ? 'held' : 'missed'}`;
  console.log(`  ${(bytes / unit).toFixed(1).padStart(6)} ${name}  ${what}${verdict}`);
}
