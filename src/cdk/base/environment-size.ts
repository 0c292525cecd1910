import { Token } from 'aws-cdk-lib';
import type { Variable } from '../../api/environment';
import { PropertyError } from './property-error';

/** In bytes, names and values, as JSON. Source: Lambda Developer Guide, "Lambda quotas"; Lambda's refusal shows the JSON it measured. */
const LARGEST_ENVIRONMENT = 4096;

/** The properties that have no limit of their own, by the variable that holds them. */
const PROPERTIES: Readonly<Partial<Record<Variable, string>>> = {
  SCOPES: 'auth.scopes',
  CORS_ALLOWED_ORIGINS: 'corsAllowedOrigins',
  UPLOAD_CONTENT_TYPES: 'uploads.contentTypes',
};

/** What only the deployment knows does not count. @throws PropertyError for the longest of them, where Lambda would refuse them all together. */
export function checkEnvironmentSize(environment: Readonly<Record<string, string>>): void {
  const known = Object.entries(environment).filter(([, value]) => !Token.isUnresolved(value));
  const bytes = Buffer.byteLength(JSON.stringify(Object.fromEntries(known)));
  if (bytes <= LARGEST_ENVIRONMENT) return;
  const [[name] = ['']] = known.filter(([one]) => one in PROPERTIES).sort(([, a], [, b]) => b.length - a.length);
  throw new PropertyError(
    PROPERTIES[name as Variable] ?? 'auth.scopes',
    `is too long: a function gets ${bytes} bytes of environment variables, and Lambda takes ${LARGEST_ENVIRONMENT} at most: give fewer or shorter ones`,
  );
}
