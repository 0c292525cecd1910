import type { UrlWithCookies } from './verify-url';

/** What the URL or the cookies have in place of CloudFront's parameters, by its looks. */
const MISTAKES: readonly (readonly [RegExp, string])[] = [
  [/[?&]X-Amz-Signature=/, "This is an S3 presigned URL, which is another thing than CloudFront's signed URL"],
  [/[?&]AWSAccessKeyId=/, "This is an S3 presigned URL, which is another thing than CloudFront's signed URL"],
  [/&amp;(?:Expires|Policy|Signature|Key-Pair-Id)=/, 'The URL was taken from HTML: "&amp;" must be "&"'],
  [
    /%(?:3F|26)(?:Expires|Policy|Signature|Key-Pair-Id)(?:=|%3D)/i,
    'The query was percent-encoded: its "?", "&" or "=" are %3F, %26 or %3D',
  ],
  [
    /[?&](?:expires|policy|signature|key-?pair-?id|hash-?algorithm)=/i,
    'Names are case-sensitive: Expires, Policy, Signature, Key-Pair-Id',
  ],
];

const COOKIE_MISTAKES: readonly (readonly [RegExp, string])[] = [
  [
    /\bcloudfront-(?:expires|policy|signature|key-pair-id)=/i,
    'Names are case-sensitive: CloudFront-Policy, CloudFront-Signature, CloudFront-Key-Pair-Id',
  ],
  [/%3D|"/, 'The cookies were encoded or quoted: CloudFront reads them as they are'],
];

/** Why a request that somebody signed may not look signed. */
export function explainNotSigned(input: string | UrlWithCookies): string | undefined {
  const { url, cookies } = typeof input === 'string' ? { url: input, cookies: '' } : input;
  const header =
    typeof cookies === 'string'
      ? cookies
      : Object.keys(cookies)
          .map((name) => `${name}=`)
          .join('; ');
  return find(MISTAKES, url) ?? (header === '' ? undefined : find(COOKIE_MISTAKES, header));
}

const find = (mistakes: typeof MISTAKES, text: string): string | undefined =>
  mistakes.find(([looks]) => looks.test(text))?.[1];
