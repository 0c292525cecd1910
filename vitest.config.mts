import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** `npm run test:full` runs these: see vitest.full.config.mts. */
export const FULL = '**/*.full.test.ts';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: [FULL],
    globalSetup: 'test/global-setup.mts',
    // Far beyond what anything takes: a machine that is busy fails no test.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 60_000 } },
    pool: 'forks',
    // More than cores: tests wait for processes that they start.
    maxWorkers: Math.min(availableParallelism() + 1, 8),
    // A worker runs one file after the other, and loads the CDK and the SDKs once; modules of ours are loaded anew for each file.
    isolate: false,
    setupFiles: 'test/fresh-modules.mts',
    env: {
      // The SDK's warning about Node 20, once a process.
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      // Takes seconds. The tests whose subject it is turn it on.
      CDK_VALIDATION: 'false',
    },
  },
});
