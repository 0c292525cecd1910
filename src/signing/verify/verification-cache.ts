import type { PublicKey } from '../key/public-key';
import type { HashAlgorithm } from '../policy/hash-algorithm';
import type { Terms } from '../policy/policy';
import { GenerationMap } from './generation-map';
import type { Credentials } from './read-credentials';

/** All that decides whether a signature verifies. */
export interface SignedWith {
  readonly credentials: Credentials;
  readonly publicKey: PublicKey;
  readonly hashAlgorithm: HashAlgorithm;
}

interface Verified extends SignedWith {
  readonly terms: Terms;
}

/**
 * Remembers which signatures have verified, and nothing else: a request is still checked for its key, time, address and
 * resource at every hit, and a failure is never remembered. */
export class VerificationCache {
  readonly #verified: GenerationMap<Verified>;

  constructor(maxEntries: number) {
    if (!Number.isInteger(maxEntries) || maxEntries < 2)
      throw new TypeError('maxEntries must be a whole number from 2');
    this.#verified = new GenerationMap(Math.floor(maxEntries / 2));
  }

  /** The signatures remembered now. */
  get size(): number {
    return this.#verified.size;
  }

  /** @internal */
  get(signedWith: SignedWith): Terms | undefined {
    const found = this.#verified.get(idOf(signedWith));
    return found && isSame(found, signedWith) ? found.terms : undefined;
  }

  /** @internal */
  add(signedWith: SignedWith, terms: Terms): void {
    this.#verified.set(idOf(signedWith), { ...signedWith, terms });
  }
}

/**
 * @param options.maxEntries The most signatures to remember, of up to 8 KiB each.
 * @example const cache = createVerificationCache({ maxEntries: 10_000 });
 */
export function createVerificationCache(options: { readonly maxEntries: number }): VerificationCache {
  return new VerificationCache(options.maxEntries);
}

/** The beginning of a signature tells them apart, and costs less to hash than the whole; `isSame` compares the rest. */
const idOf = ({ credentials }: SignedWith): string => (credentials.parameters.Signature ?? '').slice(0, 40);

/** A key pair id may come to name another key: what the former one signed has then not been verified. */
function isSame(one: SignedWith, other: SignedWith): boolean {
  const { parameters: a, resource } = one.credentials;
  const { parameters: b } = other.credentials;
  return (
    one.publicKey.keyObject === other.publicKey.keyObject &&
    one.hashAlgorithm === other.hashAlgorithm &&
    a.Signature === b.Signature &&
    a.Policy === b.Policy &&
    (a.Policy !== undefined || (a.Expires === b.Expires && resource === other.credentials.resource))
  );
}
