/** The names CloudFront keeps for itself in a URL's query; with `CloudFront-` before them they are the cookies' names. */
export type SigningParameter = 'Expires' | 'Policy' | 'Signature' | 'Key-Pair-Id' | 'Hash-Algorithm';

/** Names are case-sensitive: any other spelling is a parameter of the application. [UNV] for URLs. */
const NAMES: ReadonlySet<string> = new Set<SigningParameter>([
  'Expires',
  'Policy',
  'Signature',
  'Key-Pair-Id',
  'Hash-Algorithm',
]);

export const isSigningParameter = (name: string): name is SigningParameter => NAMES.has(name);

/** The name of one `name=value` piece of a query. */
export function parameterName(piece: string): string {
  const equals = piece.indexOf('=');
  return equals < 0 ? piece : piece.slice(0, equals);
}
