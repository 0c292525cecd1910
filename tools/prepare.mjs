// Brings a checkout to where it can run: dependencies as the lock file says, and a build of the sources as they are.
// Does nothing when there is nothing to do, so that every command of package.json may call it.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [major, minor] = process.versions.node.split('.').map(Number);

/** Runs a command of the project, with its output; ends this process when it fails. */
export function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

// The AWS SDK warns of what later versions will need, in six lines, once a process.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

export function prepare() {
  if (major < 20 || (major === 20 && minor < 19)) {
    console.error(`edgepass needs Node 20.19 or newer; this is ${process.versions.node}`);
    process.exit(1);
  }
  installWhenNeeded();
  buildWhenNeeded();
}

function installWhenNeeded() {
  const stamp = join(root, 'node_modules', '.edgepass-installed');
  const wanted = digest(['package.json', 'package-lock.json'].map((name) => join(root, name)));
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.log('installing the dependencies (once; about a minute)');
  // Not `npm ci`: it refuses a lock file that lacks other platforms' optional binaries, as one written on a registry
  // mirror does. `install` takes the same pinned versions and, with --no-save, leaves the lock file as it is.
  run('npm', ['install', '--no-save', '--no-fund', '--no-audit'], { shell: process.platform === 'win32' });
  writeFileSync(stamp, wanted);
}

function buildWhenNeeded() {
  const stamp = join(root, 'dist', '.edgepass-built');
  const sources = ['src', 'tools'].flatMap((folder) => filesBelow(join(root, folder)));
  const wanted = digest([...sources, join(root, 'tsconfig.json'), join(root, 'package-lock.json')]);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.log('building');
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  mkdirSync(join(root, 'dist'));
  run(process.execPath, [join(root, 'tools', 'build.mjs')]);
  writeFileSync(stamp, wanted);
}

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => (entry.isDirectory() ? filesBelow(join(folder, entry.name)) : [join(folder, entry.name)]))
    .sort();
}

function digest(paths) {
  const hash = createHash('sha256');
  for (const path of paths)
    hash
      .update(`${relative(root, path)}\0`)
      .update(readFileSync(path))
      .update('\0');
  return hash.digest('hex');
}
