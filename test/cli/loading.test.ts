import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run, temporaryFolder } from '../run-local';

const PROGRAM = join(__dirname, '..', '..', 'dist', 'entries', 'edgepass.js');

interface Loaded {
  readonly files: readonly string[];
  readonly builtins: readonly string[];
}

/** What a command has loaded when its process ends. */
async function loadedBy(...args: string[]): Promise<Loaded> {
  const tell = `process.on('exit', () => console.error('loaded ' + JSON.stringify({ files: Object.keys(require.cache), builtins: process.moduleLoadList })));`;
  const { stderr } = await run(process.execPath, [
    '-e',
    `${tell} require(${JSON.stringify(PROGRAM)}).main(['node', 'edgepass', ...${JSON.stringify(args)}])`,
  ]);
  return JSON.parse(/^loaded (.*)$/m.exec(stderr)?.[1] ?? '') as Loaded;
}

/** The program, and commander's own files. */
const MOST_FILES = 12;
/** What only a server, or `fetch`, needs. */
const SERVERS = /internal\/deps\/undici|NativeModule (?:http2|cluster|internal\/http2)/;

describe('the start of a command', () => {
  it.each([['--help'], ['--version'], ['dev --help'], ['env --data-dir']])(
    'edgepass %s loads only what it needs',
    async (words) => {
      const args = words.split(' ');
      const { files, builtins } = await loadedBy(...args, ...(words.startsWith('env') ? [temporaryFolder()] : []));
      expect(files.length).toBeLessThanOrEqual(MOST_FILES);
      expect(files).toContain(PROGRAM);
      expect(files.filter((file) => file.endsWith('.node') || file.includes('lmdb'))).toEqual([]);
      expect(builtins.filter((name) => SERVERS.test(name))).toEqual([]);
    },
  );
});
