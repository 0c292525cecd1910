import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CommandResult, run, temporaryFolder } from './run-local';

const ROOT = join(__dirname, '..');
const SHIPPED = ['bin', 'dist', 'package.json'];

/** What `npm install --omit=optional` leaves out of this package's own dependencies. */
export const OPTIONAL_PACKAGES: readonly string[] = Object.keys(
  JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).optionalDependencies,
);
const PEERS = ['@aws-sdk', 'aws-cdk', 'aws-cdk-lib', 'constructs'];

/** Returns the folder of a project that has this package, and all that it can use but these packages or scopes. */
export function installWithout(...missing: readonly string[]): string {
  const project = temporaryFolder();
  const modules = join(project, 'node_modules');
  const own = join(modules, 'edgepass');
  mkdirSync(own, { recursive: true });
  for (const name of SHIPPED) cpSync(join(ROOT, name), join(own, name), { recursive: true });
  for (const name of [...OPTIONAL_PACKAGES, ...PEERS].filter((one) => !missing.includes(one))) {
    mkdirSync(join(modules, name, '..'), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  }
  return project;
}

/** The command of the package that a project has installed. */
export const cliOf = (project: string): string => join(project, 'node_modules', 'edgepass', 'bin', 'edgepass.js');

/** Runs a module of the project's own, with this text. */
export function runIn(project: string, text: string): Promise<CommandResult> {
  const file = join(project, 'script.mjs');
  writeFileSync(file, text);
  return run(process.execPath, [file]);
}
