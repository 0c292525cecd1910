export type { S3Response } from './request-context';
export { openS3, type S3, type S3Api, type S3Options } from './s3';
export type { ObjectStore } from './store/object-store';
