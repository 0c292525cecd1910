import { X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { importPackage } from '../packages/load-package';
import { replaceFile } from './files/replace-file';

/** A certificate and its key, PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

const DAYS = 825;
const DAY_MS = 86_400_000;

/** Where a local runtime's certificate is: what `curl --cacert` and `NODE_EXTRA_CA_CERTS` take. */
export const certificatePath = (dataDir: string): string => join(dataDir, 'tls', 'certificate.pem');
const keyPath = (dataDir: string): string => join(dataDir, 'tls', 'key.pem');

/** The certificate that a local runtime shows its viewers, made for 127.0.0.1 and localhost; a new one when the old one is about to end. */
export async function openCertificate(dataDir: string, now: Date = new Date()): Promise<Certificate> {
  const kept = readCertificate(dataDir);
  if (kept && Date.parse(new X509Certificate(kept.cert).validTo) > now.getTime() + DAY_MS) return kept;
  // Loaded when it is asked for: a local runtime without --https starts without it.
  const { generate } = await importPackage('selfsigned', () => import('selfsigned'));
  const made = await generate([{ name: 'commonName', value: 'edgepass home' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(now.getTime() - DAY_MS),
    notAfterDate: new Date(now.getTime() + DAYS * DAY_MS),
    extensions: [
      { name: 'basicConstraints', cA: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 7, ip: '127.0.0.1' },
          { type: 2, value: 'localhost' },
        ],
      },
    ],
  });
  mkdirSync(join(dataDir, 'tls'), { recursive: true, mode: 0o700 });
  replaceFile(keyPath(dataDir), made.private);
  replaceFile(certificatePath(dataDir), made.cert);
  return { cert: made.cert, key: made.private };
}

function readCertificate(dataDir: string): Certificate | undefined {
  if (!existsSync(certificatePath(dataDir)) || !existsSync(keyPath(dataDir))) return undefined;
  return { cert: readFileSync(certificatePath(dataDir), 'utf8'), key: readFileSync(keyPath(dataDir), 'utf8') };
}
