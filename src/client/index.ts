export type {
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
export { EdgepassApiError } from './api-error';
export { type Client, createClient, type ListingPage } from './client';
export type { ClientOptions } from './send';
export type { UploadContent, UploadedFile, UploadOptions } from './upload';
