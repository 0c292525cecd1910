import { EdgepassError } from './edgepass-error';

/** The kinds of PEM block that hold a key we take, by their label. */
const LABELS = {
  private: ['PRIVATE KEY', 'RSA PRIVATE KEY', 'EC PRIVATE KEY', 'ENCRYPTED PRIVATE KEY'],
  public: ['PUBLIC KEY', 'RSA PUBLIC KEY'],
} as const;

/** Labels of files that people pass by mistake, and what to do instead. */
const MISTAKES: Readonly<Record<string, string>> = {
  'OPENSSH PRIVATE KEY': 'this is a key for SSH; convert a copy with `ssh-keygen -p -m PKCS8 -f FILE`',
  CERTIFICATE: 'this is a certificate; extract its key with `openssl x509 -pubkey -noout`',
  'CERTIFICATE REQUEST': 'this is a certificate request, not a key',
};

/**
 * The PEM block of a key, as OpenSSL reads it. Environment variables, parameter stores and hosting consoles are where PEMs lose
 * their line breaks; OpenSSL's own answer to that names no cause.
 */
export function readPem(pem: string, kind: 'private' | 'public'): string {
  const begin = /-----BEGIN ([A-Z0-9 ]+)-----/g;
  const labels = [...pem.matchAll(begin)].map(([, label = '']) => label).filter((label) => label !== 'EC PARAMETERS');
  const [label, another] = labels;
  if (label === undefined) throw invalid(withoutLabel(pem));
  if (another !== undefined) throw invalid('there is more than one PEM block; pass only the key');
  if (!(LABELS[kind] as readonly string[]).includes(label)) throw invalid(wrongLabel(label, kind));
  refuseBrokenLines(pem, label);
  return pem;
}

function refuseBrokenLines(pem: string, label: string): void {
  if (pem.includes('\\n') || pem.includes('\\r')) {
    throw newlines('its line breaks are the two characters "\\n"; replace them, as in pem.replaceAll("\\\\n", "\\n")');
  }
  if (!pem.includes(`-----END ${label}-----`)) throw invalid(`it ends before its line -----END ${label}-----`);
  const lines = pem.split(/\r?\n/);
  if (
    lines.some((line) => line.startsWith(`-----BEGIN ${label}-----`) && line.length > `-----BEGIN ${label}-----`.length)
  ) {
    throw newlines(
      'it is all on one line; keep the line breaks when you store it, or store it as base64 and decode that',
    );
  }
  if (lines.some((line) => /^[ \t]+\S/.test(line)))
    throw newlines('its lines are indented; remove the spaces at their beginning');
}

function withoutLabel(pem: string): string {
  if (pem.trim() === '') return 'it is empty';
  if (/^LS0tLS1CRUdJTi/.test(pem.trim())) return 'it is the base64 of a PEM; decode it first';
  if (!pem.includes('\n') && /\.(?:pem|key|der)$/.test(pem.trim()))
    return 'it is the name of a file; pass what the file holds';
  return 'it has no line -----BEGIN ...-----';
}

function wrongLabel(label: string, kind: 'private' | 'public'): string {
  const other = kind === 'private' ? 'public' : 'private';
  if ((LABELS[other] as readonly string[]).includes(label))
    return `it is a ${other} key where the ${kind} key is needed`;
  return MISTAKES[label] ?? `a PEM block "${label}" is not a ${kind} key`;
}

/** Only what is wrong is told, never a part of the PEM. */
const invalid = (what: string): EdgepassError =>
  new EdgepassError('ERR_PEM_INVALID', `The key's PEM cannot be read: ${what}`);
const newlines = (what: string): EdgepassError =>
  new EdgepassError('ERR_PEM_NEWLINES', `The key's PEM lost its line breaks: ${what}`);
