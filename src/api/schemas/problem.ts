import * as v from 'valibot';
import type { GatewayProblem, Problem } from '../bodies';
import { described, optional } from './field';

const type = v.literal('about:blank');
const title = described(v.string(), 'The status in words.');
const code = described(
  v.string(),
  'Stable: one of the codes of this API, or the code of AWS when AWS refused what the function tried.',
);
const detail = described(v.string(), 'What was wrong and what to do.');
const requestId = described(v.string(), 'Quote it when you report a defect.');

export const problem: v.GenericSchema<Problem> = v.pipe(
  v.strictObject({
    type,
    title,
    status: v.number(),
    code,
    detail,
    field: optional(v.string(), 'The field, parameter or header that is to blame, as in `files[3]`.'),
    requestId,
  }),
  v.description('Every refusal: RFC 9457 problem details.'),
);

export const gatewayProblem: v.GenericSchema<GatewayProblem> = v.pipe(
  v.strictObject({
    type,
    title: v.exactOptional(title),
    status: v.exactOptional(v.number()),
    code,
    detail,
    requestId,
  }),
  v.description('A refusal of API Gateway itself. It cannot name a status that it chooses.'),
);
