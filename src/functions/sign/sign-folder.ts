import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { SignedFolderLink } from '../../api/bodies';
import { signFolderBody } from '../../api/schemas/sign-url';
import { jsonResponse } from '../http/api-handler';
import { audit, linkId } from '../http/audit';
import { checkKey, requireScope } from '../http/authorize-key';
import { callerOf } from '../http/caller';
import { readBody } from '../http/read-request';
import { currentSigner } from './current-signer';
import { distributionUrl } from './distribution-url';
import { longestGranted, readLifetime } from './lifetime';
import { refuseAsProblem } from './signing-refusal';

/** `POST /folders`: one signature for all objects below a prefix, as a query and as cookies. */
export async function signFolder(event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  const caller = callerOf(event);
  const { prefix, ...options } = readBody(event, signFolderBody);
  checkKey(prefix, 'prefix');
  const lifetime = readLifetime(options, longestGranted([requireScope(caller, 'sign', prefix, 'prefix')]));
  const signer = await currentSigner();
  const location = { distributionUrl: distributionUrl(), prefix };
  const { baseUrl, query } = refuseAsProblem('prefix', () => {
    const folder = signer.signFolder(location, lifetime.policyOptions);
    // The resource is the base and `*`; a URL of the folder has the query.
    const url = folder.signUrl(prefix);
    return { baseUrl: folder.resource.slice(0, -1), query: url.slice(url.indexOf('?') + 1) };
  });
  audit(event, caller, { action: 'sign', prefix, lifetime: lifetime.seconds, linkId: linkId(`?${query}`) });
  const cookies = toCookies(query);
  const link: SignedFolderLink = { baseUrl, query, cookies, expires: lifetime.expires.toISOString() };
  return { ...jsonResponse(201, link), multiValueHeaders: { 'Set-Cookie': setCookies(cookies, baseUrl) } };
}

/** CloudFront's cookies have the names of its parameters, after `CloudFront-`, and the same values. */
const toCookies = (query: string): Record<string, string> =>
  Object.fromEntries([...new URLSearchParams(query)].map(([name, value]) => [`CloudFront-${name}`, value]));

/** For pages on the distribution's own domain, which reach the API there. Browsers take no Secure cookie over plain http. */
function setCookies(cookies: Record<string, string>, baseUrl: string): string[] {
  const { protocol, pathname } = new URL(baseUrl);
  const attributes = `Path=${pathname}; HttpOnly; SameSite=Lax${protocol === 'https:' ? '; Secure' : ''}`;
  return Object.entries(cookies).map(([name, value]) => `${name}=${value}; ${attributes}`);
}
