import { createHash } from 'node:crypto';
import type { AuthorizerAnswer } from './authorizer-answer';

interface Entry {
  readonly answer: AuthorizerAnswer;
  readonly until: number;
}

const MOST_ENTRIES = 1_000;

/** Answers of Lambda authorizers by stage and identity; the one unused for longest goes first. Identities are kept as digests. */
export class AuthorizerCache {
  readonly #entries: Map<string, Entry> = new Map();

  /** @param key what tells this answer from others, such as the stage and the token */
  find(key: readonly string[], nowMs: number): AuthorizerAnswer | undefined {
    const digest = digestOf(key);
    const entry = this.#entries.get(digest);
    this.#entries.delete(digest);
    if (!entry || entry.until <= nowMs) return undefined;
    this.#entries.set(digest, entry);
    return entry.answer;
  }

  keep(key: readonly string[], answer: AuthorizerAnswer, until: number): void {
    this.#entries.set(digestOf(key), { answer, until });
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > MOST_ENTRIES && oldest !== undefined) this.#entries.delete(oldest);
  }
}

const digestOf = (key: readonly string[]): string => createHash('sha256').update(JSON.stringify(key)).digest('base64');
