import { signToken } from '../local';
import { runningHome } from './running';

interface TokenOptions {
  readonly dataDir: string;
  readonly scope: string;
  readonly subject: string;
  readonly expiresIn: number;
  readonly json?: true;
}

/** `edgepass token`: a token that the running home's API takes. */
export async function token({ dataDir, scope, subject, expiresIn, json }: TokenOptions): Promise<void> {
  const { tokenSettings } = await runningHome(dataDir);
  if (!tokenSettings) {
    throw new Error(
      'the stack has no JWT authorizer, so its API takes no tokens; give the construct "auth: ApiAuth.jwt({ issuer, audience })", or use the API key that "edgepass env" prints',
    );
  }
  const signed = await signToken(dataDir, { ...tokenSettings, scope, subject, expiresIn });
  // The words of RFC 6749, 5.1.
  const answer = { access_token: signed, token_type: 'Bearer', expires_in: expiresIn, scope };
  console.log(json ? JSON.stringify(answer, null, 2) : signed);
}

const LONGEST_SECONDS = 365 * 24 * 3600;

/** @throws Error for what is no number of seconds. */
export function parseExpiresIn(text: string): number {
  const seconds = Number(text);
  if (/^\d+$/.test(text) && seconds >= 1 && seconds <= LONGEST_SECONDS) return seconds;
  throw new Error(`"${text}" is not a lifetime: give a number of seconds from 1 to ${LONGEST_SECONDS}, a year`);
}

/** @throws Error for scopes that a claim could not hold. RFC 6749, 3.3, says which characters they have. */
export function parseScope(text: string): string {
  if (/^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/.test(text)) return text;
  throw new Error(
    `"${text}" are no scopes: give one or more, separated by single spaces, such as "list sign:reports/"`,
  );
}
