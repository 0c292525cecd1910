import type { S3Request } from '../s3-request';

/** An IAM action of S3's. Source: Service Authorization Reference, "Actions defined by Amazon S3". */
export type Action = `s3:${string}`;

/** Returns the action on one version of an object, such as `s3:GetObjectVersion`; the action itself where no version is named. */
export const actionOnVersion = (action: Action, versionId: string | undefined): Action =>
  versionId === undefined ? action : (action.replace('Object', 'ObjectVersion') as Action);

/** Returns the action of a request, which may name a version. */
export const byVersion =
  (action: Action) =>
  ({ query }: Pick<S3Request, 'query'>): Action =>
    actionOnVersion(action, query.get('versionId'));
