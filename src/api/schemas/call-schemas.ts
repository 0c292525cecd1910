import type { GenericSchema } from 'valibot';
import type { FunctionRow } from '../calls/function-row';

/** What a call takes and answers. */
export interface CallSchemas {
  /** By the parameter's name. */
  readonly path?: Readonly<Record<string, GenericSchema>>;
  readonly query?: GenericSchema;
  readonly body?: GenericSchema;
  /** Missing where the response has no body, or is OpenAPI's own. */
  readonly response?: GenericSchema;
}

/** The schemas of a function's calls, as `src/api/schemas/BUNDLE.ts` exports them by the name `schemas`. */
export type FunctionSchemas<Row> = Row extends FunctionRow<infer Ids> ? Readonly<Record<Ids, CallSchemas>> : never;
