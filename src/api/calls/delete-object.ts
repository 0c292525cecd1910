import type { FunctionRow } from './function-row';
import { KEY } from './problem-sets';

export const deleteObject: FunctionRow<'deleteObject'> = {
  bundle: 'delete-object',
  id: 'Deleter',
  description: 'DELETE /s3objects/KEY: deletes objects of the private bucket',
  feature: 'deletes',
  environment: ['BUCKET_NAME', 'BUCKET_REGION'],
  permissions: [{ allow: ['s3:DeleteObject'], on: 'bucket/*' }],
  calls: {
    deleteObject: {
      method: 'DELETE',
      path: '/s3objects/{key+}',
      action: 'delete',
      summary: 'Deletes an object; in a versioned bucket it can be brought back.',
      status: 204,
      problems: ['ERR_INVALID_FIELD', 'ERR_SCOPE_MISSING', ...KEY],
    },
  },
};
