import { GenerationMap } from '../../../signing/verify/generation-map';
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

/** The links that came most recently, by their targets. */
export class KnownLinks {
  readonly #generationSize: number;
  #links: GenerationMap<KnownLink>;

  /** @param most The most links to remember, of up to 8 KiB each. */
  constructor(most: number) {
    this.#generationSize = Math.ceil(most / 2);
    this.#links = new GenerationMap(this.#generationSize);
  }

  /** @param now Unix seconds. */
  find({ target, host, scheme }: Viewer, now: number): KnownLink | undefined {
    const link = this.#links.get(target);
    if (!link || link.host !== host || link.scheme !== scheme) return undefined;
    const { validFrom, validUntil } = link.admitted;
    return now > validFrom && now < validUntil ? link : undefined;
  }

  add({ target, host, scheme }: Viewer, admitted: AdmittedRequest): KnownLink {
    const link: KnownLink = { admitted, host, scheme, cacheRequests: new Map() };
    this.#links.set(target, link);
    return link;
  }

  /** Forgets every link, for another distribution: its checks may decide otherwise. */
  clear(): void {
    this.#links = new GenerationMap(this.#generationSize);
  }
}
