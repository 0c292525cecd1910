import { KeyObject } from 'node:crypto';
import { EdgepassError } from '../errors';
import { readPem } from './read-pem';

/** The key object of a PEM, or one that was parsed already. */
export function toKeyObject(
  key: string | KeyObject,
  kind: 'private' | 'public',
  parse: (pem: string) => KeyObject,
): KeyObject {
  if (key instanceof KeyObject) {
    if (key.type === kind) return key;
    throw new TypeError(`A ${kind} key is needed; this KeyObject is ${key.type}`);
  }
  if (typeof key !== 'string') throw new TypeError(`A ${kind} key must be a PEM string or a KeyObject`);
  try {
    return parse(readPem(key, kind));
  } catch (cause) {
    if (cause instanceof EdgepassError) throw cause;
    throw new EdgepassError('ERR_PEM_INVALID', `The key's PEM cannot be read: its content is no ${kind} key`, {
      cause,
    });
  }
}
