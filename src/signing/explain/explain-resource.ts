import { redactUrl } from '../encoding/redact-url';
import { matchesResource } from '../policy/resource-pattern';
import { spellings } from './url-spellings';

/** Which spelling of the URL, or of the policy's `Resource`, would have matched. */
export function explainResource(resource: string, requested: string): string | undefined {
  if (/\bs3[.-][^/]*amazonaws\.com/.test(resource))
    return "The policy must name the distribution's URL, not that of S3";
  for (const { url, difference } of spellings(requested)) {
    if (matchesResource(resource, url)) return `It covers ${redactUrl(url)}, with ${difference}`;
  }
  return undefined;
}
