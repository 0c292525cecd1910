/** A wrong type is the programmer's mistake, not the input's. */
export function checkString(value: unknown, name: string): void {
  if (typeof value !== 'string') throw new TypeError(`${name} must be a string`);
}
