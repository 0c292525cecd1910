import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPublicKey } from '../keys/cloudfront-key-groups';
import { callAws } from './call-aws';
import { callParameterStore } from './parameter-store';

/** The answers to come, one a call; the last one goes on. */
let answers: ((response: ServerResponse) => unknown)[] = [];
let calls = 0;
const server = createServer((request, response) => {
  request.resume();
  const answer = answers[Math.min(calls, answers.length - 1)];
  calls += 1;
  answer?.(response);
});
const says =
  (status: number, body: string) =>
  (response: ServerResponse): unknown =>
    response.writeHead(status).end(body);
const breaks = (response: ServerResponse): unknown => response.destroy();

beforeAll(() => new Promise<void>((done) => void server.listen(0, '127.0.0.1', done)));
afterAll(() => new Promise((done) => server.close(done).closeAllConnections()));
beforeEach(() => {
  calls = 0;
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAIOSFODNN7EXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY');
});
afterEach(() => vi.unstubAllEnvs());

const call = () => callAws({ service: 'ssm', method: 'POST', host: 'ssm.us-east-1.amazonaws.com', path: '/' });
const xmlError = (code: string): string =>
  `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>Rate exceeded</Message></Error></ErrorResponse>`;
const jsonError = (type: string): string => JSON.stringify({ __type: type, message: 'Rate exceeded' });

describe('a call of AWS is made once more', () => {
  it.each([
    ['a broken connection', breaks],
    ['500', says(500, '')],
    ['503', says(503, '')],
    ['429', says(429, '')],
    // Both services throttle with 400.
    ['CloudFront’s Throttling', says(400, xmlError('Throttling'))],
    ['Parameter Store’s ThrottlingException', says(400, jsonError('ThrottlingException'))],
    ['that with its namespace', says(400, jsonError('com.amazonaws.ssm#ThrottlingException'))],
    ['Parameter Store’s TooManyUpdates', says(400, jsonError('TooManyUpdates'))],
  ])('after %s', async (_what, failure) => {
    answers = [failure, says(200, 'ok')];
    expect(await call()).toMatchObject({ status: 200, body: 'ok' });
    expect(calls).toBe(2);
  });

  it('and then no more', async () => {
    answers = [says(503, '')];
    expect((await call()).status).toBe(503);
    expect(calls).toBe(2);
  });
});

describe('a call to AWS', () => {
  it.each([
    ['a refusal', says(400, jsonError('ParameterNotFound'))],
    ['a refusal that speaks of throttling', says(400, xmlError('InvalidArgument').replace('Rate', 'Throttling: rate'))],
    ['a denial', says(403, xmlError('AccessDenied'))],
  ])('%s is the answer', async (_what, refusal) => {
    answers = [refusal, says(200, '')];
    expect((await call()).status).toBeGreaterThanOrEqual(400);
    expect(calls).toBe(1);
  });
});

describe('what changes keys is tried for seconds: nobody waits for it, and a deployment fails without it', () => {
  it('in CloudFront', async () => {
    const throttled = says(400, xmlError('Throttling'));
    answers = [throttled, throttled, throttled, says(201, '<PublicKey><Id>K1</Id></PublicKey>')];
    expect(await createPublicKey('name', 'PEM', '')).toBe('K1');
  });

  it('in Parameter Store, where three a second may write', async () => {
    const throttled = says(400, jsonError('ThrottlingException'));
    answers = [throttled, throttled, throttled, says(200, '{"Version":1}')];
    expect(await callParameterStore('PutParameter', {})).toEqual({ Version: 1 });
  });

  it('and fails with the service’s word in the end', async () => {
    answers = [says(400, jsonError('ThrottlingException'))];
    await expect(callParameterStore('PutParameter', {})).rejects.toMatchObject({ code: 'ThrottlingException' });
    expect(calls).toBe(5);
  });
});
