import { defineConfig } from 'vitest/config';
import base, { FULL } from './vitest.config.mts';

/** The tests that are too heavy for `npm test`: installs, browsers with large files, series of kills, real clients. */
export default defineConfig({
  test: {
    ...base.test,
    include: [`src/${FULL}`, `test/${FULL}`],
    exclude: [],
    testTimeout: 1_800_000,
    hookTimeout: 600_000,
  },
});
