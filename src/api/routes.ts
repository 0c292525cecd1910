/** What a caller may be allowed to do. */
export type Action = 'list' | 'sign' | 'upload' | 'delete';

/** An operation of the API: where it is, which function answers, and what its caller must be allowed to do. */
export interface Route {
  readonly operationId: OperationId;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** As OpenAPI and API Gateway write it; `{key+}` takes the rest of the path. */
  readonly path: string;
  /** The bundle's folder name. */
  readonly bundle: string;
  /** Undefined where everybody may who is let in at all. */
  readonly action: Action | undefined;
  /** Whether anybody at all may call it, without a key, a signature or a token. */
  readonly isOpen: boolean;
  /** What has to be enabled for the route to exist. */
  readonly feature?: 'uploads' | 'deletes';
}

export type OperationId =
  | 'listObjects'
  | 'deleteObject'
  | 'signUrls'
  | 'signFolder'
  | 'createUpload'
  | 'signParts'
  | 'completeUpload'
  | 'abortUpload'
  | 'explain'
  | 'describe'
  | 'health';

const upload = { bundle: 'upload', action: 'upload', isOpen: false, feature: 'uploads' } as const;
const sign = { method: 'POST', bundle: 'sign-url', action: 'sign', isOpen: false } as const;
const open = { method: 'GET', bundle: 'describe', action: undefined, isOpen: true } as const;

export const ROUTES: readonly Route[] = [
  {
    operationId: 'listObjects',
    method: 'GET',
    path: '/s3objects',
    bundle: 'list-objects',
    action: 'list',
    isOpen: false,
  },
  {
    operationId: 'deleteObject',
    method: 'DELETE',
    path: '/s3objects/{key+}',
    bundle: 'delete-object',
    action: 'delete',
    isOpen: false,
    feature: 'deletes',
  },
  { operationId: 'signUrls', path: '/urls', ...sign },
  { operationId: 'signFolder', path: '/folders', ...sign },
  { operationId: 'createUpload', method: 'POST', path: '/uploads', ...upload },
  { operationId: 'signParts', method: 'POST', path: '/uploads/{id}/parts', ...upload },
  { operationId: 'completeUpload', method: 'POST', path: '/uploads/{id}/complete', ...upload },
  { operationId: 'abortUpload', method: 'DELETE', path: '/uploads/{id}', ...upload },
  {
    operationId: 'explain',
    method: 'POST',
    path: '/explain',
    bundle: 'explain',
    action: undefined,
    isOpen: false,
  },
  { operationId: 'describe', path: '/openapi.json', ...open },
  { operationId: 'health', path: '/health', ...open },
];

/** First segments of the distribution's paths that are not the bucket's: the API, the web page, share links. No object key begins with one. */
export const RESERVED_SEGMENTS = ['_api', '_app', '_s'] as const;
