/** The table of the API: its functions with their calls. Plain data, from which everything that knows the calls derives. */
import { deleteObject } from './delete-object';
import { describe } from './describe';
import { explain } from './explain';
import type { CallRow, Feature, FunctionRow } from './function-row';
import { listObjects } from './list-objects';
import { signUrl } from './sign-url';
import { upload } from './upload';

type ApiFunction =
  | typeof listObjects
  | typeof deleteObject
  | typeof signUrl
  | typeof upload
  | typeof explain
  | typeof describe;

export const FUNCTIONS: readonly ApiFunction[] = [listObjects, deleteObject, signUrl, upload, explain, describe];

type IdsOf<Row> = Row extends FunctionRow<infer Ids> ? Ids : never;
export type OperationId = IdsOf<ApiFunction>;

/** A call with its name, and what it has from its function. */
export interface Call extends CallRow {
  readonly operationId: OperationId;
  readonly bundle: string;
  readonly feature: Feature | undefined;
}

export const CALLS: readonly Call[] = FUNCTIONS.flatMap(({ bundle, feature, calls }) =>
  Object.entries<CallRow>(calls).map(([id, call]) => ({ ...call, operationId: id as OperationId, bundle, feature })),
);
