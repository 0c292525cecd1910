import type { FunctionRow } from './function-row';

export const listObjects: FunctionRow<'listObjects'> = {
  bundle: 'list-objects',
  id: 'Lister',
  description: 'GET /s3objects: lists the objects of the private bucket',
  environment: ['BUCKET_NAME', 'BUCKET_REGION'],
  permissions: [{ allow: ['s3:ListBucket'], on: 'bucket' }],
  calls: {
    listObjects: {
      method: 'GET',
      path: '/s3objects',
      action: 'list',
      summary: "Lists the bucket's objects in the order of their keys.",
      status: 200,
      headers: {
        Link: 'The next page\'s path, as `<…>; rel="next"`. Missing on the last page.',
        'X-Next-Cursor': 'The `cursor` of the next page. Missing on the last page.',
      },
      problems: ['ERR_UNKNOWN_PARAMETER', 'ERR_INVALID_PARAMETER', 'ERR_INVALID_CURSOR', 'ERR_SCOPE_MISSING'],
    },
  },
};
