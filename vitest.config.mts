import { defineConfig } from 'vitest/config';

/** `npm run test:full` runs these: see vitest.full.config.mts. */
export const FULL = '**/*.full.test.ts';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: [FULL],
    globalSetup: 'test/global-setup.mts',
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: 2,
    // The SDK's warning about Node 20, once a process.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  },
});
