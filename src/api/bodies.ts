/**
 * What the calls take and answer, as types alone. Written from the schemas in `src/api/schemas` by `node tools/api/generate.mjs`.
 */

/** Body of `POST /uploads/{id}/complete`. */
export interface CompleteUploadBody {
  /** Every part of the upload, `{number, etag}`, with its `sha256` where it came with one. */
  readonly parts: readonly CompletedPart[];
  /** By default as in `POST /uploads`. */
  readonly overwrite?: boolean;
}

export interface CompletedPart {
  readonly number: number;
  readonly etag: string;
  readonly sha256?: string;
}

/** Response of `POST /uploads/{id}/complete`. */
export interface CompletedUpload {
  /** The key. */
  readonly file: string;
  readonly etag: string;
  /** In bytes. */
  readonly size: number;
}

/** Body of `POST /uploads`. */
export interface CreateUploadBody {
  /** The object's key, at most 1,024 bytes of UTF-8; below the construct's upload prefix. */
  readonly file: string;
  /** In bytes, exactly; at most the construct's limit. */
  readonly size: number;
  /**
   * The media type with which the object will be served, at most 255 characters. By default
   * `application/octet-stream`.
   */
  readonly contentType?: string;
  /** Base64 of the file's SHA-256, for an upload in one piece: S3 takes no other bytes. */
  readonly sha256?: string;
  /** `true`: the upload may replace an object of this key. By default `false`. */
  readonly overwrite?: boolean;
  /** `true`: in parts, whatever the size. By default `true` above 8 MiB. */
  readonly multipart?: boolean;
  /**
   * `SHA256`: every part comes with its SHA-256. Only for an upload in parts. By default S3 computes a CRC-64/NVME of
   * its own.
   */
  readonly checksumAlgorithm?: 'SHA256';
}

export type CreateUploadResponse = PresignedUpload | MultipartUpload;

/** Body of `POST /explain`. */
export interface ExplainBody {
  /** The URL as it would be requested, at most 8,192 characters. */
  readonly url: string;
  /**
   * The signed cookies of the request: a `Cookie` header of at most 16,384 characters, or an object of names and
   * values. By default none.
   */
  readonly cookies?: string | Readonly<Record<string, string>>;
}

export interface ExplainedCheck {
  readonly check: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  readonly detail: string;
}

/** Response of `POST /explain`. */
export interface ExplainedLink {
  /** `allowed`, or the code that CloudFront answers. */
  readonly verdict: string;
  /** The precise reason; missing when allowed. */
  readonly code?: string;
  readonly checks: readonly ExplainedCheck[];
}

/** A refusal of API Gateway itself. It cannot name a status that it chooses. */
export interface GatewayProblem {
  readonly type: 'about:blank';
  /** The status in words. */
  readonly title?: string;
  readonly status?: number;
  /** Stable: one of the codes of this API, or the code of AWS when AWS refused what the function tried. */
  readonly code: string;
  /** What was wrong and what to do. */
  readonly detail: string;
  /** Quote it when you report a defect. */
  readonly requestId: string;
}

/** How long a grant lasts, from when, and for whom. */
export interface GrantOptions {
  /**
   * Lifetime in seconds, a whole number. By default 12 hours, unless the construct or the caller's scope says less.
   */
  readonly expiresIn?: number;
  /**
   * In place of `expiresIn`: the moment from which access is refused, ISO 8601 with time zone. A fraction of a second
   * is cut off.
   */
  readonly expires?: string;
  /** The moment after which access begins, ISO 8601 with time zone. By default access begins immediately. */
  readonly notBefore?: string;
  /** The viewers' IPv4 address or CIDR block. By default any. */
  readonly ipAddress?: string;
}

/** Response of `GET /health`. */
export interface Health {
  readonly status: 'ok';
  /** Of edgepass. */
  readonly version: string;
}

/** Query of `GET /s3objects`. */
export interface ListObjectsQuery {
  /** The beginning of the keys, at most 1,024 characters. A `list:PREFIX` scope asks for one that begins with it. */
  readonly prefix?: string;
  /** `/`: all keys that go on with a further folder are answered once, as that folder: `{"Prefix": "a/"}`. */
  readonly delimiter?: '/';
  /** Items an answer, 1 to 1,000. By default 1,000. */
  readonly limit?: number;
  /** The `X-Next-Cursor` of the page before, with the same `prefix`, `delimiter` and `search`. */
  readonly cursor?: string;
  /** A text that the keys hold below the prefix, in upper or lower case, 1 to 1,024 characters. */
  readonly search?: string;
}

/** The beginning of all keys of a folder; ends with `/`. */
export interface ListedFolder {
  readonly Prefix: string;
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

/** Response of `GET /s3objects`, in the order of keys and prefixes. */
export type Listing = readonly (ListedObject | ListedFolder)[];

/** Response of `POST /uploads` for an upload in parts. */
export interface MultipartUpload {
  /** Names the upload in the other calls. */
  readonly id: string;
  /** In bytes, of every part but the last. */
  readonly partSize: number;
  /** The number of parts. */
  readonly parts: number;
  /** ISO 8601; S3 removes an upload that is not complete then. */
  readonly expires: string;
}

export interface PartToSign {
  readonly number: number;
  readonly sha256?: string;
}

/** A request that the sender of the bytes makes as it stands: its headers are part of the signature. */
export interface PresignedRequest {
  readonly method: 'PUT';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Response of `POST /uploads` for an upload in one piece: a request to make as it stands, for its headers are part of
 * the signature.
 */
export interface PresignedUpload {
  readonly method: 'PUT';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** ISO 8601; S3 takes the request until then. */
  readonly expires: string;
}

/** Every refusal: RFC 9457 problem details. */
export interface Problem {
  readonly type: 'about:blank';
  /** The status in words. */
  readonly title: string;
  readonly status: number;
  /** Stable: one of the codes of this API, or the code of AWS when AWS refused what the function tried. */
  readonly code: string;
  /** What was wrong and what to do. */
  readonly detail: string;
  /** The field, parameter or header that is to blame, as in `files[3]`. */
  readonly field?: string;
  /** Quote it when you report a defect. */
  readonly requestId: string;
}

/** Body of `POST /folders`. */
export interface SignFolderBody {
  /** The beginning of the keys, at most 1,024 bytes of UTF-8. It has to end with `/`. */
  readonly prefix: string;
  /**
   * Lifetime in seconds, a whole number. By default 12 hours, unless the construct or the caller's scope says less.
   */
  readonly expiresIn?: number;
  /**
   * In place of `expiresIn`: the moment from which access is refused, ISO 8601 with time zone. A fraction of a second
   * is cut off.
   */
  readonly expires?: string;
  /** The moment after which access begins, ISO 8601 with time zone. By default access begins immediately. */
  readonly notBefore?: string;
  /** The viewers' IPv4 address or CIDR block. By default any. */
  readonly ipAddress?: string;
}

/** Body of `POST /uploads/{id}/parts`. */
export interface SignPartsBody {
  /** 1 to 1,000 of `{number}`, from 1, with `sha256` where the upload has a `checksumAlgorithm`. */
  readonly parts: readonly PartToSign[];
}

/** Body of `POST /urls`: `file` or `files`. */
export interface SignUrlsBody {
  /** An object's key, at most 1,024 bytes of UTF-8, not below `_api/`, `_app/` or `_s/`. */
  readonly file?: string;
  /** 1 to 1,000 keys, in place of `file`. */
  readonly files?: readonly string[];
  /**
   * Lifetime in seconds, a whole number. By default 12 hours, unless the construct or the caller's scope says less.
   */
  readonly expiresIn?: number;
  /**
   * In place of `expiresIn`: the moment from which access is refused, ISO 8601 with time zone. A fraction of a second
   * is cut off.
   */
  readonly expires?: string;
  /** The moment after which access begins, ISO 8601 with time zone. By default access begins immediately. */
  readonly notBefore?: string;
  /** The viewers' IPv4 address or CIDR block. By default any. */
  readonly ipAddress?: string;
  /**
   * Only with `file`: the name under which browsers save it, 1 to 255 characters without `/`, `\` and control
   * characters.
   */
  readonly downloadAs?: string;
  /** `true`: refuse with `404 ERR_NO_SUCH_OBJECT` when there is no such object. By default nothing is looked up. */
  readonly mustExist?: boolean;
}

export type SignUrlsResponse = SignedLink | SignedLinks;

/** A link, and the object that it opens. */
export interface SignedFile {
  /** The key. */
  readonly file: string;
  readonly signedUrl: string;
  /** ISO 8601. */
  readonly expires: string;
}

/**
 * Response of `POST /folders`: `baseUrl`, the rest of a key percent-encoded, `?` and `query` open any object of the
 * folder.
 */
export interface SignedFolderLink {
  readonly baseUrl: string;
  readonly query: string;
  /** Names and values, for a page on the distribution's own domain. */
  readonly cookies: Readonly<Record<string, string>>;
  /** ISO 8601. */
  readonly expires: string;
}

/** Response of `POST /urls` to `file`. */
export interface SignedLink {
  readonly signedUrl: string;
  /** ISO 8601. */
  readonly expires: string;
}

/** Response of `POST /urls` to `files`, in the order asked. */
export interface SignedLinks {
  readonly signedUrls: readonly SignedFile[];
}

export interface SignedPart {
  readonly number: number;
  readonly method: 'PUT';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** In bytes, exactly. */
  readonly size: number;
}

/** Response of `POST /uploads/{id}/parts`, in the order asked. */
export interface SignedParts {
  readonly parts: readonly SignedPart[];
  /** ISO 8601; S3 takes the requests until then. */
  readonly expires: string;
}
