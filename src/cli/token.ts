import { requireRunningLocal } from '../local/data-dir/running-local';
import { signToken } from '../local/issuer';

interface TokenOptions {
  readonly dataDir: string;
  readonly scope: string;
  readonly subject: string;
  readonly expiresIn: number;
  readonly json?: true;
}

/** `edgepass token`: a token that the local runtime's API takes. */
export async function token({ dataDir, scope, subject, expiresIn, json }: TokenOptions): Promise<void> {
  const { tokenSettings } = await requireRunningLocal(dataDir);
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
