import { explainBody } from '../api/schemas';
import { explain, importPublicKey, type PublicKeys } from '../signing';
import { callerOf } from './caller';
import { type Answer, httpHandler, jsonAnswer } from './http-api';
import { readBody } from './read-request';

let publicKeys: PublicKeys | undefined;

/**
 * `POST /explain`: why CloudFront would allow or refuse a link of this distribution, as its caller's address would be a viewer's. The answer
 * has no signature and no policy.
 */
export const handler: Answer = httpHandler(async (event) => {
  // Whoever is let in may ask; it has to be clear who that is.
  callerOf(event);
  const { url, cookies } = readBody(event, explainBody);
  publicKeys ??= readPublicKeys(process.env.PUBLIC_KEYS ?? '{}');
  const ipAddress = event.requestContext.identity.sourceIp;
  const input = cookies === undefined ? url : { url, cookies };
  return jsonAnswer(200, explain(input, { publicKeys, now: new Date(), ipAddress }));
});

/** `{"K2JCJMDEHXQW5F": "-----BEGIN PUBLIC KEY-----…"}`, each parsed once. */
function readPublicKeys(json: string): PublicKeys {
  const pems = JSON.parse(json) as Record<string, string>;
  return Object.fromEntries(Object.entries(pems).map(([id, pem]) => [id, importPublicKey(pem)]));
}
