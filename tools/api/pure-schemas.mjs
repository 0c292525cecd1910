// An esbuild plugin that leaves out of a bundle the schemas that its function does not use. esbuild keeps a call whose result nobody uses,
// unless the call is marked as pure.
import { readFile } from 'node:fs/promises';

export const pureSchemas = {
  name: 'pure-schemas',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]src[\\/]api[\\/]schemas[\\/][\w-]+\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      return {
        contents: source.replace(/(?<!function )\b(?:v\.\w+|described|optional|having)\(/g, '/* @__PURE__ */ $&'),
        loader: 'ts',
      };
    });
  },
};
