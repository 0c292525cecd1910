import { EdgepassError } from '../errors';

/** The kinds of PEM block that hold a key we take, by their label. */
const LABELS = { private: /^(?:RSA |EC )?PRIVATE KEY$/, public: /^(?:RSA )?PUBLIC KEY$/ } as const;

/** Labels of files that people pass by mistake, and what to do instead. */
const MISTAKES: Readonly<Record<string, string>> = {
  'OPENSSH PRIVATE KEY': 'it is for SSH; convert a copy with `ssh-keygen -p -m PKCS8 -f FILE`',
  CERTIFICATE: 'it is a certificate; use `openssl x509 -pubkey -noout`',
  'ENCRYPTED PRIVATE KEY': 'it is encrypted; pass crypto.createPrivateKey({ key, passphrase })',
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
  if (another !== undefined) throw invalid('it has more than one PEM block');
  if (!LABELS[kind].test(label)) throw invalid(wrongLabel(label, kind));
  refuseBrokenLines(pem, label);
  return pem;
}

function refuseBrokenLines(pem: string, label: string): void {
  if (pem.includes('\\n') || pem.includes('\\r')) {
    throw newlines('its line breaks are the two characters "\\n"; use pem.replaceAll("\\\\n", "\\n")');
  }
  if (!pem.includes(`-----END ${label}-----`)) throw invalid(`it ends before its line -----END ${label}-----`);
  if (/-----BEGIN [^-]+-----[^\r\n]/.test(pem)) {
    throw newlines('it is all on one line; store it with its line breaks, or as base64');
  }
  if (/^[ \t]+\S/m.test(pem)) throw newlines('its lines are indented');
}

function withoutLabel(pem: string): string {
  if (pem.trim() === '') return 'it is empty';
  if (/^LS0tLS1CRUdJTi/.test(pem.trim())) return 'it is base64; decode it first';
  if (!pem.includes('\n') && /\.(?:pem|key|der)$/.test(pem.trim())) return 'it is the name of a file; pass its content';
  return 'it has no line -----BEGIN ...-----';
}

function wrongLabel(label: string, kind: 'private' | 'public'): string {
  const other = kind === 'private' ? 'public' : 'private';
  if (LABELS[other].test(label)) return `it is a ${other} key where the ${kind} key is needed`;
  return MISTAKES[label] ?? `a PEM block "${label}" is not a ${kind} key`;
}

/** Only what is wrong is told, never a part of the PEM. */
const invalid = (what: string): EdgepassError =>
  new EdgepassError('ERR_PEM_INVALID', `The key's PEM cannot be read: ${what}`);
const newlines = (what: string): EdgepassError =>
  new EdgepassError('ERR_PEM_NEWLINES', `The key's PEM lost its line breaks: ${what}`);
