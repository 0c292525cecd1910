const CREDENTIAL = /sign|policy|token|secret|pass|auth|cred|key|jwt|session/i;

/**
 * A URL as it may be shown: values of parameters that look like credentials are left out. CloudFront's own parameters are gone
 * before, but a misspelled one, or a token of the application, would remain.
 */
export function redactUrl(url: string): string {
  return url.replace(/([?&])([^=&]*)=[^&]+/g, (pair: string, mark: string, name: string) =>
    CREDENTIAL.test(name) ? `${mark}${name}=...` : pair,
  );
}
