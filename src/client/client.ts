import type {
  ExplainBody,
  ExplainedLink,
  GrantOptions,
  Health,
  ListedFolder,
  ListedObject,
  Listing,
  ListObjectsQuery,
  SignedFolderLink,
  SignedLink,
  SignedLinks,
  SignUrlsBody,
} from '../api/bodies';
import type { OperationId } from '../api/calls';
import { encodeSegment, findKeyProblem } from '../object-key/encode-object-key';
import { EdgepassApiError } from './api-error';
import { type ClientOptions, createSend } from './send';
import { type UploadContent, type UploadedFile, type UploadOptions, uploadFile } from './upload';

export interface ListingPage {
  readonly items: Listing;
  /** Undefined on the last page. */
  readonly nextCursor: string | undefined;
}

/** The API's calls. Every one throws `EdgepassApiError`. */
export interface Client {
  /** One page: up to 1,000 items in the order of their keys. */
  list(query?: ListObjectsQuery): Promise<ListingPage>;
  /** Every page's items, each once; pages are asked for as they are needed. */
  listAll(query?: Omit<ListObjectsQuery, 'cursor'>): AsyncGenerator<ListedObject | ListedFolder, void, void>;
  signUrl(file: string, options?: Omit<SignUrlsBody, 'file' | 'files'>): Promise<SignedLink>;
  /** Up to 1,000 keys; the links come in their order. */
  signUrls(files: readonly string[], options?: GrantOptions & { readonly mustExist?: boolean }): Promise<SignedLinks>;
  /** @param prefix Ends with a slash. */
  signFolder(prefix: string, options?: GrantOptions): Promise<SignedFolderLink>;
  /** In one request or in parts, as its size asks for; what breaks on the way is sent again. */
  upload(file: string, content: UploadContent, options?: UploadOptions): Promise<UploadedFile>;
  delete(file: string): Promise<void>;
  /** Why CloudFront would allow or refuse a link. */
  explain(url: string, cookies?: ExplainBody['cookies']): Promise<ExplainedLink>;
  health(): Promise<Health>;
  /** The API's description, as OpenAPI 3.1: the calls that this stack has. */
  describe(): Promise<Readonly<Record<string, unknown>>>;
}

/** The method that makes each call. The compiler asks for a call that has none. */
export const METHODS: Readonly<Record<OperationId, keyof Client>> = {
  listObjects: 'list',
  deleteObject: 'delete',
  signUrls: 'signUrls',
  signFolder: 'signFolder',
  createUpload: 'upload',
  signParts: 'upload',
  completeUpload: 'upload',
  abortUpload: 'upload',
  explain: 'explain',
  describe: 'describe',
  health: 'health',
};

/**
 * A client of the API, for browsers and Node.
 *
 * @example
 * const client = createClient({ url: 'https://d111111abcdef8.cloudfront.net/_api/', apiKey });
 * const { signedUrl } = await client.signUrl('reports/q3.pdf', { expiresIn: 900 });
 */
export function createClient(options: ClientOptions): Client {
  const send = createSend(options);
  const get = async <T>(path: string): Promise<T> => (await (await send({ method: 'GET', path })).json()) as T;
  const post = async <T>(path: string, body: unknown): Promise<T> =>
    (await (await send({ method: 'POST', path, body })).json()) as T;

  async function list(query: ListObjectsQuery = {}): Promise<ListingPage> {
    const parameters = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
    const path = ['s3objects', parameters.join('&')].filter((part) => part !== '').join('?');
    const response = await send({ method: 'GET', path });
    const nextCursor = response.headers.get('x-next-cursor') ?? undefined;
    return { items: (await response.json()) as Listing, nextCursor };
  }

  return {
    list,
    async *listAll(query = {}) {
      let cursor: string | undefined;
      do {
        const page = await list({ ...query, ...(cursor !== undefined && { cursor }) });
        yield* page.items;
        cursor = page.nextCursor;
      } while (cursor !== undefined);
    },
    signUrl: (file, more = {}) => post('urls', { file, ...more }),
    signUrls: (files, more = {}) => post('urls', { files, ...more }),
    signFolder: (prefix, more = {}) => post('folders', { prefix, ...more }),
    upload: (file, content, more = {}) => uploadFile({ send, options }, file, content, more),
    async delete(file) {
      await send({ method: 'DELETE', path: objectPath(file) });
    },
    explain: (url, cookies) => post('explain', { url, ...(cookies !== undefined && { cookies }) }),
    health: () => get('health'),
    describe: () => get('openapi.json'),
  };
}

/** The key is one segment of the path: URL parsers would resolve its `..`, and API Gateway would drop a slash at its end. */
function objectPath(file: string): string {
  const problem = findKeyProblem(file);
  if (problem === undefined) return `s3objects/${encodeSegment(file)}`;
  throw new EdgepassApiError({ code: 'ERR_OBJECT_KEY_INVALID', status: 0, detail: problem, field: 'file' });
}
