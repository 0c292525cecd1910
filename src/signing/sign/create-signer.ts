import { grantUrl, type PolicyOptions } from './grant';
import { type CookieInput, grantCookies, type SignedCookies, signedCookies } from './sign-cookies';
import { type FolderLocation, type SignedFolder, signFolderWith } from './sign-folder';
import { readIdentity, type SignerOptions, signPolicy, signPolicyAsync } from './sign-policy';
import { type SigningInput, toSignableUrl } from './signable-url';
import { appendQuery, signedQuery } from './signed-query';

/** One key, parsed once, that signs many times. The async forms sign on libuv's thread pool. */
export interface Signer {
  readonly keyPairId: string;
  signUrl(input: SigningInput, options: PolicyOptions): string;
  signUrlAsync(input: SigningInput, options: PolicyOptions): Promise<string>;
  /** Every URL with the same options, in the order given. */
  signUrls(inputs: Iterable<SigningInput>, options: PolicyOptions): string[];
  signUrlsAsync(inputs: Iterable<SigningInput>, options: PolicyOptions): Promise<string[]>;
  signCookies(input: CookieInput, options: PolicyOptions): SignedCookies;
  /** One signature for all objects below a prefix. */
  signFolder(folder: FolderLocation, options: PolicyOptions): SignedFolder;
}

/**
 * Parses the key once and signs many URLs, cookies and folders with it.
 *
 * @example
 * const signer = createSigner({ keyPairId: 'K2JCJMDEHXQW5F', privateKey });
 * const url = signer.signUrl('https://d111111abcdef8.cloudfront.net/report.pdf', { expiresIn: 900 });
 */
export function createSigner(options: SignerOptions): Signer {
  const identity = readIdentity(options);

  /** What is to be signed, and how its signature becomes a URL. */
  function prepare(
    input: SigningInput,
    options: PolicyOptions,
  ): [policy: string, toUrl: (signature: string) => string] {
    const url = toSignableUrl(input);
    const grant = grantUrl(url, options);
    return [grant.policy, (signature) => appendQuery(url, signedQuery(grant, signature, identity))];
  }

  function signUrl(input: SigningInput, options: PolicyOptions): string {
    const [policy, toUrl] = prepare(input, options);
    return toUrl(signPolicy(policy, identity));
  }

  async function signUrlAsync(input: SigningInput, options: PolicyOptions): Promise<string> {
    const [policy, toUrl] = prepare(input, options);
    return toUrl(await signPolicyAsync(policy, identity));
  }

  return {
    keyPairId: identity.keyPairId,
    signUrl,
    signUrlAsync,
    signUrls: (inputs, options) => Array.from(inputs, (input) => signUrl(input, options)),
    async signUrlsAsync(inputs, options) {
      const signed: string[] = [];
      const waiting = enumerate(inputs);
      const work = async (): Promise<void> => {
        for (const [at, input] of waiting) signed[at] = await signUrlAsync(input, options);
      };
      await Promise.all(Array.from({ length: IN_FLIGHT }, work));
      return signed;
    },
    signCookies(input, options) {
      const grant = grantCookies(input, options);
      return signedCookies(grant, signPolicy(grant.policy, identity), identity);
    },
    signFolder: (folder, options) => signFolderWith(folder, options, identity),
  };
}

/** Keeps every thread of the pool busy without queueing a whole batch before other users of the pool, such as file reads. */
const IN_FLIGHT = 16;

/** A generator, because it ends for all who share it when one of them fails. */
function* enumerate<T>(items: Iterable<T>): Generator<[number, T]> {
  let at = 0;
  for (const item of items) yield [at++, item];
}
