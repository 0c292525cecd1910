import { describe, expect, it } from 'vitest';
import { LONGEST_KEY } from '../object-key/encode-object-key';
import { checkObjectKey } from './check-object-key';

describe('an object key', () => {
  it.each(['a', 'a b/+#%.txt', 'a/../b', './a', '/leading', '_apis/a', 'x/_api/a', '_api.txt', '🗝️', 'é'.repeat(512)])(
    'takes the key %j',
    (key) => {
      expect(checkObjectKey(key)).toBeUndefined();
    },
  );

  it.each([
    ['', 'ERR_INVALID_FILE'],
    ['a\ud800', 'ERR_INVALID_FILE'],
    ['a\0b', 'ERR_INVALID_FILE'],
    [`${'é'.repeat(512)}x`, 'ERR_KEY_TOO_LONG'],
    ['.', 'ERR_OBJECT_KEY_INVALID'],
    ['..', 'ERR_OBJECT_KEY_INVALID'],
    ['_api', 'ERR_KEY_RESERVED'],
    ['_api/urls', 'ERR_KEY_RESERVED'],
    ['_app/index.html', 'ERR_KEY_RESERVED'],
    ['_s/abc', 'ERR_KEY_RESERVED'],
  ])('refuses the key %j with %s', (key, code) => {
    expect(checkObjectKey(key)?.code).toBe(code);
  });

  it('says how long a key is that is too long', () => {
    expect(checkObjectKey('k'.repeat(LONGEST_KEY + 1))?.problem).toContain('1025 bytes');
  });
});
