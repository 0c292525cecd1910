import { isSigningParameter, parameterName } from '../encoding/signing-parameter';
import { checkString, EdgepassError } from '../errors';

/** RFC 3986's characters, with `\?` for the question mark that begins the query. */
const RESOURCE = /^(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?]|\\\?|%[0-9A-Fa-f]{2})+$/;

/** A `Resource` that somebody wrote by hand: its wildcards are meant. */
export function checkResource(resource: string): string {
  checkString(resource, 'resource');
  if (!/^(?:https?:\/\/|http\*:\/\/|\*)/.test(resource))
    throw invalid('it must begin with http://, https://, *:// or *');
  if (!RESOURCE.test(resource)) throw invalid('it must be percent-encoded');
  const query = resource.split('?').slice(1).join('?');
  const reserved = query.split('&').map(parameterName).find(isSigningParameter);
  if (reserved) throw invalid(`it has the parameter ${reserved}, which CloudFront removes first`);
  return resource;
}

const invalid = (what: string): EdgepassError =>
  new EdgepassError('ERR_RESOURCE_INVALID', `The resource cannot be signed: ${what}`);
