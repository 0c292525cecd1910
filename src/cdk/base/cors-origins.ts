import { Token } from 'aws-cdk-lib';
import { Cors } from 'aws-cdk-lib/aws-apigateway';
import { PropertyError } from './property-error';

/** @throws PropertyError unless each is an origin as browsers send it, or the list is `*` alone. */
export function readCorsOrigins(origins: string[] = Cors.ALL_ORIGINS): string[] {
  if (origins.length === 0)
    throw new PropertyError('corsAllowedOrigins', 'is empty: give an origin, or leave it out for every origin');
  if (isEveryOrigin(origins)) return origins;
  for (const [at, origin] of origins.entries()) {
    if (Token.isUnresolved(origin) || isOrigin(origin)) continue;
    const fix = 'give scheme, host and port as browsers send them, such as https://app.example.com';
    throw new PropertyError(`corsAllowedOrigins[${at}]`, `is ${JSON.stringify(origin)}: ${fix}`);
  }
  return origins;
}

export const isEveryOrigin = (origins: string[]): boolean => origins.length === 1 && origins[0] === '*';

function isOrigin(text: string): boolean {
  return /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text;
}
