import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateKeyPair, verifyUrl } from 'edgepass';
import { describe, expect, it } from 'vitest';
import { run } from '../run-local';

const root = join(__dirname, '..', '..');
const guide = readFileSync(join(root, 'docs', 'signing.md'), 'utf8');

describe('docs/signing.md', () => {
  it('has samples that run, one after the other', async () => {
    const program = [...guide.matchAll(/^```js\n(.*?)^```/gms)].map(([, code]) => code).join('\n');
    const { code, stdout, stderr } = await run(process.execPath, ['--input-type=module', '-e', program]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('ERR_SIGNATURE_MISMATCH AccessDenied');
    expect(stdout).toContain(
      'Signature: failed. The signature does not belong to this URL, policy and key. Signed for ' +
        'https://d111111abcdef8.cloudfront.net/report.pdf, with no slash at the end; requested',
    );
  });

  it('lists every code that an EdgepassError can have, and no other', () => {
    const source = readFileSync(join(root, 'src', 'signing', 'errors.ts'), 'utf8');
    const codes = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, code = '']) => code);
    const known = codes(source, /^ {2}\| '(ERR_\w+)';?$/gm);
    expect(known.length).toBeGreaterThan(30);
    expect(codes(guide, /^\| `(ERR_\w+)`/gm).sort()).toEqual([...known].sort());
  });

  it('gives the answers of CloudFront that verify gives', () => {
    const rows = [...guide.matchAll(/^\| `(ERR_\w+)` +\| `(\w+)`/gm)].map(([, code = '', answer = '']) => [
      code,
      answer,
    ]);
    const source = readFileSync(join(root, 'src', 'signing', 'errors.ts'), 'utf8');
    for (const [code, answer] of rows) expect(source).toContain(`  ${code}: '${answer}',`);
    expect(rows.length).toBe(18);
    const { publicKey } = generateKeyPair({ keyType: 'ECDSA' });
    expect(() => verifyUrl('https://a.example/', { publicKeys: { K1: publicKey }, now: new Date() })).toThrow(
      expect.objectContaining({ code: 'ERR_NOT_SIGNED', cloudFrontCode: 'MissingKey' }),
    );
  });
});
