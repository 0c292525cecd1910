import { defineConfig } from 'vitest/config';
import base, { FULL } from './vitest.config.mts';

/** Tests of `npm test` with generated cases, which EDGEPASS_NIGHTLY=1 raises by far. */
const GENERATED = [
  'src/**/any-request.test.ts',
  'test/api/contract.test.ts',
  'test/keys/custom-resource.test.ts',
  'test/signing/properties.test.ts',
];

/** The tests that are too heavy for `npm test`: installs, browsers with large files, series of kills, real clients. */
export default defineConfig({
  test: {
    ...base.test,
    include: [`src/${FULL}`, `test/${FULL}`, ...(process.env.EDGEPASS_NIGHTLY === '1' ? GENERATED : [])],
    exclude: [],
    testTimeout: 1_800_000,
    hookTimeout: 600_000,
  },
});
