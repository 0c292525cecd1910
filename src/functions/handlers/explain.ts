import { explain as row } from '../../api/calls/explain';
import { explainBody } from '../../api/schemas/explain';
import { explain as explainLink, importPublicKey, type PublicKeys } from '../../signing';
import { variable } from '../aws/environment';
import { getParameter } from '../aws/parameter-store';
import { staleWhileRevalidate } from '../aws/stale-while-revalidate';
import { type ApiHandler, createApiHandler, jsonResponse } from '../http/api-handler';
import { callerOf } from '../http/caller';
import { readBody } from '../http/read-request';
import type { KeyGenerations } from '../keys/key-generations';

/** The distribution's public keys, fetched again every minute: they rotate. */
const publicKeys: () => Promise<PublicKeys> = staleWhileRevalidate(fetchPublicKeys, {
  freshMs: 60_000,
  staleMs: 15 * 60_000,
  pauseMs: 10_000,
});

/**
 * `POST /explain`: why CloudFront would allow or refuse a link of this distribution, as its caller's address would be a viewer's. The answer
 * has no signature and no policy.
 */
const explain: ApiHandler = async (event) => {
  // Whoever is let in may ask; it has to be clear who that is.
  callerOf(event);
  const { url, cookies } = readBody(event, explainBody);
  const ipAddress = event.requestContext.identity.sourceIp;
  const input = cookies === undefined ? url : { url, cookies };
  return jsonResponse(200, explainLink(input, { publicKeys: await publicKeys(), now: new Date(), ipAddress }));
};

export const handler: ApiHandler = createApiHandler(row, { explain });

async function fetchPublicKeys(): Promise<PublicKeys> {
  const { keys } = JSON.parse(await getParameter(variable('PUBLIC_KEYS_PARAMETER'))) as KeyGenerations;
  return Object.fromEntries(keys.map(({ keyPairId, publicKey }) => [keyPairId, importPublicKey(publicKey)]));
}
