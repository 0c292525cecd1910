import type { deleteObject } from '../calls/delete-object';
import type { FunctionSchemas } from './call-schemas';
import { described, key } from './field';

export const schemas: FunctionSchemas<typeof deleteObject> = {
  deleteObject: { path: { key: described(key, "The object's key, percent-encoded; a slash may stay.") } },
};
