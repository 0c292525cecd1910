export type { ObjectStore } from './object-store';
export type { S3Answer } from './operation';
export { s3ResourceTypes } from './resources';
export { openS3, type S3, type S3Options } from './s3';
