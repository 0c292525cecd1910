import { toCookieHeader, type UrlWithCookies } from '../verify/verify-url';

/** What the URL or the cookies have in place of CloudFront's parameters, by its looks. */
const MISTAKES: readonly (readonly [RegExp, string])[] = [
  [/[?&](?:X-Amz-Signature|AWSAccessKeyId)=/, "This is an S3 presigned URL, not CloudFront's signed URL"],
  [/&amp;/, 'The URL was taken from HTML: "&amp;" must be "&"'],
  [/%(?:3F|26)(?:Expires|Policy)/i, 'The query was percent-encoded: "%3F" must be "?", "%26" must be "&"'],
  [
    /[?&](?:expires|policy|signature|key-?pair-?id)=/i,
    'Names are case-sensitive: Expires, Policy, Signature, Key-Pair-Id',
  ],
];

const COOKIE_MISTAKES: readonly (readonly [RegExp, string])[] = [
  [
    /\bcloudfront-(?:expires|policy|signature|key-pair-id)=/i,
    'Names are case-sensitive: CloudFront-Policy, CloudFront-Signature, CloudFront-Key-Pair-Id',
  ],
  [/%3D|"/, 'The cookies were encoded or quoted'],
];

/** Why a request that somebody signed may not look signed. */
export function explainNotSigned(input: string | UrlWithCookies): string | undefined {
  const { url, cookies } = typeof input === 'string' ? { url: input, cookies: '' } : input;
  return find(MISTAKES, url) ?? find(COOKIE_MISTAKES, toCookieHeader(cookies));
}

const find = (mistakes: typeof MISTAKES, text: string): string | undefined =>
  mistakes.find(([looks]) => looks.test(text))?.[1];
