import * as v from 'valibot';
import type { Health } from '../bodies';
import type { describe } from '../calls/describe';
import type { FunctionSchemas } from './call-schemas';
import { described } from './field';

export const health: v.GenericSchema<Health> = v.pipe(
  v.strictObject({ status: v.literal('ok'), version: described(v.string(), 'Of edgepass.') }),
  v.description('Response of `GET /health`.'),
);

export const schemas: FunctionSchemas<typeof describe> = { describe: {}, health: { response: health } };
