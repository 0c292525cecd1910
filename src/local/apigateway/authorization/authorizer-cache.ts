import { createHash } from 'node:crypto';
import type { AuthorizerOutput } from './authorizer-output';

interface Entry {
  readonly output: AuthorizerOutput;
  readonly expiresAt: number;
}

const MAX_ENTRIES = 1_000;

/** Outputs of Lambda authorizers by stage and identity; the one unused for longest goes first. Identities are kept as digests. */
export class AuthorizerCache {
  readonly #entries: Map<string, Entry> = new Map();

  /** @param key what tells this answer from others, such as the stage and the token */
  find(key: readonly string[], nowMs: number): AuthorizerOutput | undefined {
    const digest = digestOf(key);
    const entry = this.#entries.get(digest);
    this.#entries.delete(digest);
    if (!entry || entry.expiresAt <= nowMs) return undefined;
    this.#entries.set(digest, entry);
    return entry.output;
  }

  put(key: readonly string[], output: AuthorizerOutput, expiresAt: number): void {
    this.#entries.set(digestOf(key), { output, expiresAt });
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > MAX_ENTRIES && oldest !== undefined) this.#entries.delete(oldest);
  }
}

const digestOf = (key: readonly string[]): string => createHash('sha256').update(JSON.stringify(key)).digest('base64');
