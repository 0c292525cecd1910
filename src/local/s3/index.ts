export type { S3Answer } from './request-context';
export { openS3, type S3, type S3Options } from './s3';
export type { ObjectStore } from './store/object-store';
export { s3ResourceTypes } from './template/resources';
