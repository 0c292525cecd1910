import { randomInt } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** An id as CloudFront makes them: a letter for the kind, 13 capitals and digits. */
export const newId = (kind: string): string =>
  kind + Array.from({ length: 13 }, () => ALPHABET[randomInt(36)]).join('');
