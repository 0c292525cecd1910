import type { Admission } from './admission';
import type { CacheRequest } from './cache-request';
import type { ContentCoding } from './response/compress';
import type { Viewer } from './viewer';

/** A link that was admitted before: asked for again, as every range of a video is, only its time is checked. */
export interface KnownLink {
  readonly admission: Admission;
  readonly scheme: Viewer['scheme'];
  readonly host: string;
  /** What it is to the cache, by the coding that the viewer takes. */
  readonly asked: Map<ContentCoding | undefined, CacheRequest>;
}

/** Links of two generations: when the young one is full it becomes the old, and what nobody asked for since is forgotten. */
export class KnownLinks {
  readonly #generationSize: number;
  #young = new Map<string, KnownLink>();
  #old = new Map<string, KnownLink>();

  /** @param most The most links to remember, of up to 8 KiB each. */
  constructor(most: number) {
    this.#generationSize = Math.ceil(most / 2);
  }

  /** @param now Unix seconds. */
  find({ target, host, scheme }: Viewer, now: number): KnownLink | undefined {
    const link = this.#young.get(target) ?? this.#revive(target);
    if (!link || link.host !== host || link.scheme !== scheme) return undefined;
    const { opensAt, closesAt } = link.admission;
    return now > opensAt && now < closesAt ? link : undefined;
  }

  add({ target, host, scheme }: Viewer, admission: Admission): KnownLink {
    const link: KnownLink = { admission, host, scheme, asked: new Map() };
    this.#remember(target, link);
    return link;
  }

  /** Another distribution: what was decided for the one before counts no more. */
  clear(): void {
    this.#young.clear();
    this.#old.clear();
  }

  #revive(target: string): KnownLink | undefined {
    const link = this.#old.get(target);
    if (!link) return undefined;
    this.#old.delete(target);
    this.#remember(target, link);
    return link;
  }

  #remember(target: string, link: KnownLink): void {
    if (this.#young.size >= this.#generationSize) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(target, link);
  }
}
