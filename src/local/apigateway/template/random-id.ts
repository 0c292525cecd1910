import { randomInt } from 'node:crypto';

const DIGITS = '0123456789';
const LOWER_CASE = 'abcdefghijklmnopqrstuvwxyz';
const UPPER_CASE = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** An identifier as API Gateway makes them: lower-case letters and digits. */
export function randomId(length: 6 | 10): string {
  return pick(LOWER_CASE + DIGITS, length);
}

/** The value of an API key as API Gateway makes them: 40 letters and digits, 238 bits. */
export function randomKeyValue(): string {
  return pick(LOWER_CASE + UPPER_CASE + DIGITS, 40);
}

function pick(alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
}
