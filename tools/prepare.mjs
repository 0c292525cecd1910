// Brings a checkout to where it can run: dependencies as the lock file says, and a build of the sources as they are.
// Does nothing when there is nothing to do, so that every command of package.json may call it.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digest, isBuilt } from './build-state.mjs';
import { root, run } from './root.mjs';

const [major, minor] = process.versions.node.split('.').map(Number);

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

/** Brings dist/ to what the sources say. */
export function buildWhenNeeded() {
  if (isBuilt()) return;
  console.log('building');
  run(process.execPath, [join(root, 'tools', 'build.mjs')]);
}
