import { validateHeaderName, validateHeaderValue } from 'node:http';

/** Whether HTTP can carry it. */
export function isHeader(name: string, value: string): boolean {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}
