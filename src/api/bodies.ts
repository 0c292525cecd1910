/** What the calls take and answer, as types alone: whoever imports them needs no package. `schemas.ts` holds the same as schemas. */

/** Query of `GET /s3objects`. */
export interface ListObjectsQuery {
  /** What the keys begin with. @default '' */
  readonly prefix?: string;
  /** Keys are rolled up into folders at the first `/` below the prefix. @default - every key */
  readonly delimiter?: '/';
  /** Items an answer, 1 to 1,000. @default 1000 */
  readonly limit?: number;
  /** The `X-Next-Cursor` of the page before. @default - the first page */
  readonly cursor?: string;
  /** What the keys hold below the prefix, in whatever case. @default - anything */
  readonly search?: string;
}

/** An object of the bucket, as S3 lists it. */
export interface ListedObject {
  readonly ETag: string;
  readonly Key: string;
  /** ISO 8601. */
  readonly LastModified: string;
  /** In bytes. */
  readonly Size: number;
  readonly StorageClass: string;
}

/** What all keys of a folder begin with; ends with `/`. */
export interface ListedFolder {
  readonly Prefix: string;
}

/** Response of `GET /s3objects`: in the order of keys and prefixes. */
export type Listing = readonly (ListedObject | ListedFolder)[];

/** How long a grant lasts, and where from. */
export interface GrantOptions {
  /** Lifetime in seconds. Give this or `expires`. @default - 12 hours, or the construct's own */
  readonly expiresIn?: number;
  /** The moment from which access is refused, ISO 8601; a fraction of a second is cut off. */
  readonly expires?: string;
  /** The moment after which access begins, ISO 8601. @default - at once */
  readonly notBefore?: string;
  /** One IPv4 address or CIDR block of viewers. @default - any */
  readonly ipAddress?: string;
}

/** Body of `POST /urls`: `file` or `files`. */
export interface SignUrlsBody extends GrantOptions {
  /** An object's key. */
  readonly file?: string;
  /** 1 to 1,000 keys. */
  readonly files?: readonly string[];
  /** The name under which browsers save the file, 1 to 255 characters. Only with `file`. */
  readonly downloadAs?: string;
  /** Refuse when there is no such object. @default false */
  readonly mustExist?: boolean;
}

/** Response of `POST /urls` for `file`. */
export interface SignedLink {
  readonly signedUrl: string;
  /** ISO 8601. */
  readonly expires: string;
}

/** Response of `POST /urls` for `files`, in the order asked. */
export interface SignedLinks {
  readonly signedUrls: readonly (SignedLink & { readonly file: string })[];
}

/** Body of `POST /folders`. */
export interface SignFolderBody extends GrantOptions {
  /** What the keys begin with; ends with `/`. */
  readonly prefix: string;
}

/** Response of `POST /folders`: `baseUrl`, the rest of a key percent-encoded, `?` and `query` open any object of the folder. */
export interface SignedFolderLink {
  readonly baseUrl: string;
  readonly query: string;
  /** Names and values, for a page on the distribution's own domain. */
  readonly cookies: Readonly<Record<string, string>>;
  /** ISO 8601. */
  readonly expires: string;
}

/** Body of `POST /explain`. */
export interface ExplainBody {
  /** A signed URL, or the URL for which the cookies are meant. */
  readonly url: string;
  /** A `Cookie` header, or names and values. @default - none */
  readonly cookies?: string | Readonly<Record<string, string>>;
}

/** Response of `POST /explain`. */
export interface ExplainedLink {
  /** `allowed`, or the code that CloudFront answers. */
  readonly verdict: string;
  /** The precise reason; missing when allowed. */
  readonly code?: string;
  readonly checks: readonly {
    readonly check: string;
    readonly outcome: 'passed' | 'failed' | 'skipped';
    readonly detail: string;
  }[];
}

/** Response of `GET /health`. */
export interface Health {
  readonly status: 'ok';
  /** Of edgepass. */
  readonly version: string;
}

/** Every refusal: RFC 9457 problem details. */
export interface Problem {
  readonly type: 'about:blank';
  /** The status in words. */
  readonly title: string;
  readonly status: number;
  /** Stable: a key of `PROBLEMS`, or AWS's own code when AWS refused what the function tried. */
  readonly code: string;
  /** What was wrong and what to do. */
  readonly detail: string;
  /** The field, parameter or header that is to blame, as in `files[3]`. */
  readonly field?: string;
  readonly requestId: string;
}

/** A refusal of API Gateway's own: the same, without a status that it chose itself. */
export type GatewayProblem = Omit<Problem, 'title' | 'status' | 'field'> & Partial<Pick<Problem, 'title' | 'status'>>;
