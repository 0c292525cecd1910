import type { AdmittedRequest } from './admission';
import type { CacheRequest } from './cache-request';
import type { ContentCoding } from './response/compress';
import type { Viewer } from './viewer';

/** A link whose request was admitted before: when it comes again, as for every range of a video, only its time is checked. */
export interface KnownLink {
  readonly admitted: AdmittedRequest;
  readonly scheme: Viewer['scheme'];
  readonly host: string;
  /** The link's cache requests, by the content coding that the viewer accepts. */
  readonly cacheRequests: Map<ContentCoding | undefined, CacheRequest>;
}

/** Links of two generations: when the young one is full it becomes the old, and links without a request since then are forgotten. */
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
    const { validFrom, validUntil } = link.admitted;
    return now > validFrom && now < validUntil ? link : undefined;
  }

  add({ target, host, scheme }: Viewer, admitted: AdmittedRequest): KnownLink {
    const link: KnownLink = { admitted, host, scheme, cacheRequests: new Map() };
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
