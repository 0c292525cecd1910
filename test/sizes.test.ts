import { buildSync } from 'esbuild';
import { describe, expect, it } from 'vitest';

/** As a bundler of somebody else's project makes it. */
function bundledBytes(name: string, platform: 'node' | 'browser'): number {
  const { outputFiles } = buildSync({
    stdin: { contents: `export * from '${name}';`, resolveDir: __dirname },
    bundle: true,
    minify: true,
    format: 'esm',
    platform,
    write: false,
  });
  return outputFiles.reduce((sum, { contents }) => sum + contents.byteLength, 0);
}

describe("the package's sizes", () => {
  it.each([
    ['edgepass', 'node', 40_000],
    ['edgepass/client', 'browser', 15_000],
  ] as const)('%s bundles, for %s, to at most %i bytes', (name, platform, most) => {
    const bytes = bundledBytes(name, platform);
    expect(bytes).toBeGreaterThan(1_000);
    expect(bytes).toBeLessThanOrEqual(most);
  });
});
