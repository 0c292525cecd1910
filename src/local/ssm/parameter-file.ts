import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from '../files/replace-file';

export interface Parameter {
  readonly type: 'String' | 'StringList' | 'SecureString';
  readonly value: string;
  readonly version: number;
  /** Milliseconds since 1970. */
  readonly lastModified: number;
}

/** The parameters of a local runtime: one file, each value encrypted, replaced whole at every change. */
export interface ParameterFile {
  get(name: string): Parameter | undefined;
  set(name: string, parameter: Parameter): void;
  delete(name: string): boolean;
  /** The value as it is stored, base64. */
  ciphertext(name: string): string;
}

type Stored = Omit<Parameter, 'value'> & { readonly ciphertext: string };

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export function openParameterFile(dir: string): ParameterFile {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const path = join(dir, 'parameters.json');
  const key = openKey(join(dir, 'key'), existsSync(path));
  const stored = new Map<string, Stored>(
    existsSync(path) ? Object.entries(JSON.parse(readFileSync(path, 'utf8')) as Record<string, Stored>) : [],
  );
  const save = (): void => replaceFile(path, JSON.stringify(Object.fromEntries(stored), null, 1));
  return {
    get(name) {
      const found = stored.get(name);
      if (!found) return undefined;
      const { ciphertext, ...rest } = found;
      return { ...rest, value: decrypt(key, name, ciphertext) };
    },
    set(name, { value, ...rest }) {
      stored.set(name, { ...rest, ciphertext: encrypt(key, name, value) });
      save();
    },
    delete(name) {
      const existed = stored.delete(name);
      if (existed) save();
      return existed;
    },
    ciphertext: (name) => stored.get(name)?.ciphertext ?? '',
  };
}

function openKey(path: string, hasParameters: boolean): Buffer {
  if (!existsSync(path)) {
    if (hasParameters) throw new Error(`${path} is missing, and without it the parameters cannot be read`);
    replaceFile(path, randomBytes(32).toString('base64'));
  }
  return Buffer.from(readFileSync(path, 'utf8'), 'base64');
}

/** The name is authenticated with the value, so that a stored value cannot be passed off as another parameter's. */
function encrypt(key: Buffer, name: string, value: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(name));
  return Buffer.concat([nonce, cipher.update(value, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64');
}

function decrypt(key: Buffer, name: string, ciphertext: string): string {
  const bytes = Buffer.from(ciphertext, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES)).setAAD(Buffer.from(name));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]).toString('utf8');
}
