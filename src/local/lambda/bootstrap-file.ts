import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The compiled program of an execution environment; a run from the sources takes the one that was built last. */
export function bootstrapFile(): string {
  const built = join(__dirname, '..', '..', '..', 'dist', 'entries');
  const file = [__dirname, built].map((folder) => join(folder, 'bootstrap.js')).find((path) => existsSync(path));
  if (file === undefined) throw new Error('the program of the function host is not built: run "npm run build"');
  return file;
}
