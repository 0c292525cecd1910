import {
  anything,
  assert,
  asyncProperty,
  constantFrom,
  dictionary,
  json,
  oneof,
  option,
  record,
  string,
} from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ApiHandler } from '../http/api-handler';
import { handler as deleteObject } from './delete-object';
import { handler as explain } from './explain';
import { apiEvent, useFunction } from './function.test.fixture';
import { handler as listObjects } from './list-objects';
import { handler as signUrl } from './sign-url';

useFunction();

const text = oneof(
  string({ unit: 'binary' }),
  string({ unit: 'grapheme' }),
  constantFrom('a/', '..', '_s/x', '\ud800'),
);
const value = oneof(text, anything(), constantFrom(0, -1, 1e300, 60, null, true, '2099-01-01T00:00:00Z'));
const options = { expiresIn: value, expires: value, notBefore: value, ipAddress: value };
/** Bodies with fields of ours and any values, JSON of any shape, and text that is no JSON. */
const body = oneof(
  record(
    { file: value, files: value, prefix: value, url: value, cookies: value, downloadAs: value, ...options },
    { requiredKeys: [] },
  ).map((one) => stringify(one)),
  record({ file: text, downloadAs: text, ipAddress: text, expires: text }, { requiredKeys: ['file'] }).map((one) =>
    JSON.stringify(one),
  ),
  record({ prefix: text.map((one) => `${one}/`), notBefore: text }, { requiredKeys: ['prefix'] }).map((one) =>
    JSON.stringify(one),
  ),
  record({ url: text.map((one) => `https://d111111abcdef8.cloudfront.net/${one}`), cookies: text }).map((one) =>
    JSON.stringify(one),
  ),
  json(),
  text,
);

function stringify(one: unknown): string {
  try {
    return JSON.stringify(one, (_key, inner) => (typeof inner === 'bigint' ? String(inner) : inner));
  } catch {
    return 'circular';
  }
}

const parameters = dictionary(
  oneof(constantFrom('prefix', 'delimiter', 'limit', 'cursor', 'search', '__proto__'), text),
  oneof(text, constantFrom('/', '10')).map((one) => [one]),
);

const HANDLERS: Readonly<Record<string, ApiHandler>> = {
  'POST /urls': signUrl,
  'POST /folders': signUrl,
  'POST /explain': explain,
  'GET /s3objects': listObjects,
  'DELETE /s3objects/{key+}': deleteObject,
};

describe('every function', () => {
  it.each(Object.entries(HANDLERS))(
    '%s answers any request with success or with a problem that says what to do',
    async (route, handler) => {
      await assert(
        asyncProperty(option(body), option(parameters), option(text), async (sent, query, key) => {
          const event = apiEvent(route, {
            body: sent,
            multiValueQueryStringParameters: query,
            pathParameters: key === null ? null : { key },
          });
          const { statusCode, body: answer, headers } = await handler(event);
          const parsed = answer === '' ? undefined : JSON.parse(answer);
          if (statusCode >= 200 && statusCode < 300) return;
          expect(headers?.['Content-Type']).toBe('application/problem+json');
          expect(parsed).toMatchObject({ status: statusCode, title: expect.any(String), detail: expect.any(String) });
          expect(statusCode >= 400 && statusCode < 500, `${statusCode} ${answer}`).toBe(true);
        }),
        { numRuns: process.env.EDGEPASS_NIGHTLY === '1' ? 20_000 : 300 },
      );
    },
  );
});
