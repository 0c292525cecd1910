import * as v from 'valibot';
import type { ExplainBody, ExplainedCheck, ExplainedLink } from '../bodies';
import type { explain } from '../calls/explain';
import type { FunctionSchemas } from './call-schemas';
import { described, optional } from './field';

/** CloudFront's limit for a URL. Source: CloudFront Developer Guide, "Quotas". */
const LONGEST_URL = 8_192;
/** Browsers send at most this for one domain. */
const LONGEST_COOKIES = 16_384;

const URL_TEXT = `a URL of at most ${LONGEST_URL} characters`;
const COOKIES = `a Cookie header of at most ${LONGEST_COOKIES} characters, or an object of names and values`;

export const explainBody: v.GenericSchema<ExplainBody> = v.pipe(
  v.strictObject({
    url: described(
      v.pipe(v.string(URL_TEXT), v.maxLength(LONGEST_URL, URL_TEXT)),
      'The URL as it would be requested, at most 8,192 characters.',
    ),
    cookies: optional(
      v.union([v.pipe(v.string(), v.maxLength(LONGEST_COOKIES)), v.record(v.string(), v.string())], COOKIES),
      'The signed cookies of the request: a `Cookie` header of at most 16,384 characters, or an object of names and values. By default none.',
    ),
  }),
  v.description('Body of `POST /explain`.'),
);

export const explainedCheck: v.GenericSchema<ExplainedCheck> = v.strictObject({
  check: v.string(),
  outcome: v.picklist(['passed', 'failed', 'skipped']),
  detail: v.string(),
});

export const explainedLink: v.GenericSchema<ExplainedLink> = v.pipe(
  v.strictObject({
    verdict: described(v.string(), '`allowed`, or the code that CloudFront answers.'),
    code: optional(v.string(), 'The precise reason; missing when allowed.'),
    checks: v.array(explainedCheck),
  }),
  v.description('Response of `POST /explain`.'),
);

export const schemas: FunctionSchemas<typeof explain> = { explain: { body: explainBody, response: explainedLink } };
