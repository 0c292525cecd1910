import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { GrowingFile } from './growing-file';
import { lineOf, logs } from './logs';

const TIME = '2026-03-14T12:00:00.000Z';

const entry = (line: unknown, more: object = {}): string =>
  JSON.stringify({
    time: TIME,
    functionName: 'Edgepass-ApiSigner-1A2B',
    requestId: '7f',
    line: typeof line === 'string' ? line : JSON.stringify(line),
    stream: 'stdout',
    ...more,
  });

const said = (message: unknown): string => entry({ timestamp: TIME, level: 'INFO', requestId: '7f', message });

const AUDIT = { who: 'ann', action: 'sign', file: 'a b.txt', lifetime: 60, linkId: '0123456789abcdef' };

describe('edgepass logs', () => {
  test.each([
    ['a text in Lambda’s JSON format', said('hello'), 'INFO   Edgepass-ApiSigner-1A2B  hello'],
    ['an object in it', said({ a: [1] }), 'INFO   Edgepass-ApiSigner-1A2B  {"a":[1]}'],
    ['a line in the text format', entry(`${TIME}\t7f\tERROR\tno`), 'ERROR  Edgepass-ApiSigner-1A2B  no'],
    ['a line that is as it was written', entry('to stdout'), '       Edgepass-ApiSigner-1A2B  to stdout'],
    [
      'a metric',
      entry({ _aws: { Timestamp: 1 }, Grants: 1 }),
      '       Edgepass-ApiSigner-1A2B  {"_aws":{"Timestamp":1},"Grants":1}',
    ],
    ['the lines of one event below each other', said('a\nb'), 'INFO   Edgepass-ApiSigner-1A2B  a\n    b'],
  ])('prints %s', (_what, text, expected) => {
    expect(lineOf(text, {})).toBe(`${TIME}  ${expected}`);
  });

  test('lets no name speak to the terminal', () => {
    expect(lineOf(said('a\u001b[2Jb\u009b'), {})).toContain('a\\x1b[2Jb\\x9b');
  });

  test('prints the audit alone', () => {
    expect(lineOf(said({ audit: AUDIT }), { audit: true })).toBe(
      `${TIME}  Edgepass-ApiSigner-1A2B  who=ann action=sign file=a b.txt lifetime=60 linkId=0123456789abcdef`,
    );
    for (const other of [said('audit'), said({ audit: 'x' }), said(null), entry('{"audit":{}}'), entry('audit')])
      expect(lineOf(other, { audit: true })).toBeUndefined();
  });

  test('prints the lines of one function, by a part of its name', () => {
    expect(lineOf(said('a'), { function: 'signer' })).toBeDefined();
    expect(lineOf(said('a'), { function: 'lister' })).toBeUndefined();
  });

  test('prints JSON, what a line says in JSON as that', () => {
    const common = { time: TIME, functionName: 'Edgepass-ApiSigner-1A2B', requestId: '7f', stream: 'stdout' };
    expect(JSON.parse(lineOf(said({ audit: AUDIT }), { json: true, audit: true }) ?? '')).toEqual({
      ...common,
      line: { timestamp: TIME, level: 'INFO', requestId: '7f', message: { audit: AUDIT } },
    });
    expect(JSON.parse(lineOf(entry('7'), { json: true }) ?? '')).toEqual({ ...common, line: '7' });
  });

  test.each(['', '{"time":', '[]', '7', 'null', '{"time":"x"}'])('passes over %j, which is no entry', (text) => {
    expect(lineOf(text, {})).toBeUndefined();
  });

  function folder(): string {
    const path = mkdtempSync(join(tmpdir(), 'edgepass-logs-test-'));
    onTestFinished(() => rmSync(path, { recursive: true, force: true }));
    return path;
  }

  test('says what to do where there is no log', async () => {
    await expect(logs({ dataDir: folder() })).rejects.toThrow(/start a local runtime with "npm start"/);
  });

  test('reads a file as it grows, whole lines only, and from its beginning when it is replaced', () => {
    const path = join(folder(), 'functions.log');
    const file = new GrowingFile(path);
    const lines: string[] = [];
    const read = () => file.readNew((line) => lines.push(line));
    expect(read()).toBe(false);
    writeFileSync(path, 'one\ntw');
    expect(read()).toBe(true);
    const umlaut = Buffer.from('ö\n');
    appendFileSync(path, umlaut.subarray(0, 1));
    read();
    expect(lines).toEqual(['one']);
    appendFileSync(path, umlaut.subarray(1));
    read();
    writeFileSync(path, 'new\n');
    read();
    expect(lines).toEqual(['one', 'twö', 'new']);
  });

  test('reads lines that are longer than a piece', () => {
    const path = join(folder(), 'functions.log');
    const long = 'ä'.repeat(100_000);
    writeFileSync(path, `${long}\nb\n`);
    const lines: string[] = [];
    new GrowingFile(path).readNew((line) => lines.push(line));
    expect(lines).toEqual([long, 'b']);
  });
});
