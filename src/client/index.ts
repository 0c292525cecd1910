export type * from '../api/bodies';
export { EdgepassApiError } from './api-error';
export { type Client, createClient, type ListingPage } from './client';
export type { ClientOptions } from './send';
export type { UploadContent, UploadedFile, UploadOptions } from './upload';
