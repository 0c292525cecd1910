/** Loads packages that not everybody has installed, and names one that is missing together with the line that installs it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A package that is needed now is not installed. */
export class PackageMissingError extends Error {
  override readonly name = 'PackageMissingError';
  readonly code = 'ERR_PACKAGE_MISSING';
}

/** @throws PackageMissingError */
export function requirePackage<T>(name: string, load: () => T): T {
  try {
    return load();
  } catch (error) {
    throw explain(error, name);
  }
}

/** @throws PackageMissingError */
export async function importPackage<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    throw explain(error, name);
  }
}

/** Returns the version that this package was tried with. */
export function testedVersion(name: string): string {
  const { optionalDependencies, peerDependencies } = readManifest();
  return (optionalDependencies[name] ?? peerDependencies[name])?.replace('^', '') ?? 'latest';
}

function explain(error: unknown, name: string): unknown {
  if (!isMissing(error, name)) return error;
  const { optionalDependencies } = readManifest();
  // Optional dependencies are left out all together, so the line installs every one that is missing.
  const names = name in optionalDependencies ? Object.keys(optionalDependencies).filter(isAbsent) : [name];
  const line = names.map((one) => `${one}@${testedVersion(one)}`).join(' ');
  return new PackageMissingError(`this needs ${name}, which is not installed: npm install ${line}`);
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? '';

const isMissing = (error: unknown, name: string): boolean =>
  /^(ERR_)?MODULE_NOT_FOUND$/.test(codeOf(error)) && error instanceof Error && error.message.includes(`'${name}'`);

function isAbsent(name: string): boolean {
  try {
    require.resolve(name);
    return false;
  } catch (error) {
    return codeOf(error) === 'MODULE_NOT_FOUND';
  }
}

interface Manifest {
  readonly optionalDependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

const readManifest = (): Manifest =>
  JSON.parse(readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8')) as Manifest;
