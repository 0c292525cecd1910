import { defineConfig } from 'vitest/config';
import base, { FULL } from './vitest.config.mts';

const HOUR_MS = 3_600_000;
const IS_NIGHTLY = process.env.EDGEPASS_NIGHTLY === '1';

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
    include: [`src/${FULL}`, `test/${FULL}`, ...(IS_NIGHTLY ? GENERATED : [])],
    exclude: [],
    testTimeout: (IS_NIGHTLY ? 4 : 0.5) * HOUR_MS,
    hookTimeout: 600_000,
  },
});
