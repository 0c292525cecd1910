import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { certificatePath, openCertificate } from './certificate';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'edgepass-certificate-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the certificate', () => {
  it('is for this machine alone, and its key is for its owner alone', async () => {
    const { cert, key } = await openCertificate(folder);
    const certificate = new X509Certificate(cert);
    expect([certificate.checkIP('127.0.0.1'), certificate.checkHost('localhost')]).toEqual(['127.0.0.1', 'localhost']);
    expect(certificate.checkHost('example.com')).toBeUndefined();
    expect(key).toContain('PRIVATE KEY');
    expect(statSync(join(certificatePath(folder), '..', 'key.pem')).mode & 0o077).toBe(0);
  });

  it('stays the same from boot to boot, and is made anew before it ends', async () => {
    const first = await openCertificate(folder);
    expect(await openCertificate(folder)).toEqual(first);
    const end = new Date(Date.parse(new X509Certificate(first.cert).validTo) - 3_600_000);
    const next = await openCertificate(folder, end);
    expect(next.cert).not.toBe(first.cert);
    expect(Date.parse(new X509Certificate(next.cert).validTo)).toBeGreaterThan(end.getTime() + 86_400_000);
  });
});
