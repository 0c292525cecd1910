import type { APIGatewayProxyEvent } from 'aws-lambda';
import { variable } from '../aws/environment';

const EXPOSED = 'Link,X-Next-Cursor,X-Amzn-RequestId,Location,Retry-After';

/**
 * Which pages may read an answer: those of `CORS_ALLOWED_ORIGINS`, a list separated by commas. Unset or `*` it is any page: what guards
 * the API is a key, a signature or a token, and no browser sends one by itself.
 */
export function corsHeaders({ headers }: Pick<APIGatewayProxyEvent, 'headers'>): Record<string, string> {
  const allowed = (variable('CORS_ALLOWED_ORIGINS') ?? '*').split(',').map((origin) => origin.trim());
  if (allowed.includes('*')) return { 'Access-Control-Allow-Origin': '*', 'Access-Control-Expose-Headers': EXPOSED };
  const name = Object.keys(headers ?? {}).find((one) => one.toLowerCase() === 'origin');
  const origin = name === undefined ? undefined : headers[name];
  if (origin === undefined || !allowed.includes(origin)) return { Vary: 'Origin' };
  return { 'Access-Control-Allow-Origin': origin, 'Access-Control-Expose-Headers': EXPOSED, Vary: 'Origin' };
}
