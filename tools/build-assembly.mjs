// The ready-made stack's cloud assembly, dist/assembly: synthesized and validated here, so that neither `edgepass dev` nor a deployment
// under the default name has to. Left alone as long as what it is made from is the same.
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { digest } from './build-state.mjs';
import { root } from './root.mjs';

const assembly = join(root, 'dist', 'assembly');
/** Outside of dist, which is shipped. */
const stamp = join(root, 'node_modules', '.cache', 'edgepass', 'assembly');

/** Below dist: the construct, what it imports of ours, and what becomes its assets. */
const MADE_FROM = ['api', 'bundles', 'cdk', 'packages', 'web', 'cli/synth.js'];
/** A package's own file tells its version. */
const PACKAGES = ['aws-cdk-lib', 'constructs', 'mime-types', 'mime-db'];

export async function buildAssembly() {
  const inputs = digest([
    ...MADE_FROM.flatMap((name) => filesBelow(join(root, 'dist', name))).filter((path) => !path.endsWith('.d.ts')),
    ...PACKAGES.map((name) => join(root, 'node_modules', name, 'package.json')),
  ]);
  const state = () => `${inputs} ${digest(filesBelow(assembly))}`;
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === state()) return;
  const { synth } = createRequire(import.meta.url)(join(root, 'dist', 'cli', 'synth.js'));
  await synth({ outdir: assembly, validate: true });
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, state());
}

/** Returns the path itself where it is a file, and nothing where it is not there. */
function filesBelow(path) {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found?.isDirectory()) return found ? [path] : [];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesBelow(join(path, name)));
}
