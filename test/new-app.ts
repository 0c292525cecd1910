import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { afterAll } from 'vitest';
import { temporaryFolder } from './run-local';

const assemblies = temporaryFolder(afterAll);

/** An app whose assembly goes when the test file has ended. */
export const newApp = (): App =>
  new App({ analyticsReporting: false, outdir: mkdtempSync(join(assemblies, 'assembly-')) });
