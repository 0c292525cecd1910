import { sign } from 'aws4';
import { describe, expect, test } from 'vitest';
import { openIam } from '../../iam/iam';
import { STACK, send, smallApi, startGateway } from '../api-gateway.test.fixture';

const DEVELOPER = { accessKeyId: 'AKIADEVELOPER', secretAccessKey: 'the-secret-of-the-developer' };
const NOW = Date.parse('2026-03-14T12:00:00Z');

interface Event {
  readonly requestContext: { readonly identity: Record<string, unknown> };
  readonly body: string | null;
}

/** A stage with one method for everything, by IAM; and a role with these statements. */
async function startIamApi(statements: (restApiId: string) => readonly object[] = () => []) {
  const iam = openIam({ accountId: '123456789012', developer: DEVELOPER });
  const events: Event[] = [];
  const fixture = startGateway(
    (event) => {
      events.push(event as Event);
      return {};
    },
    { findAccessKey: iam.findAccessKey, now: () => new Date(NOW) },
  );
  const properties = { AuthorizationType: 'AWS_IAM' };
  const { url, restApiId } = await smallApi(fixture, [
    { path: '/{key+}', properties },
    { path: '/', properties },
  ]);
  const PolicyDocument = { Version: '2012-10-17', Statement: statements(restApiId) };
  await iam.resourceTypes['AWS::IAM::Role']?.apply({
    logicalId: 'Caller',
    stack: STACK,
    properties: { RoleName: 'caller', Policies: [{ PolicyName: 'p', PolicyDocument }] },
  });
  const role = iam.issueCredentials('arn:aws:iam::123456789012:role/caller', 'tester');
  return { url, restApiId, events, role };
}

interface Call {
  readonly path?: string;
  readonly method?: string;
  readonly body?: string;
  readonly headers?: Record<string, string>;
  readonly service?: string;
  readonly region?: string;
  readonly signQuery?: boolean;
  /** Minutes before now. */
  readonly signedAgo?: number;
  readonly credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  readonly change?: (signed: { path: string; body: string; headers: Record<string, string> }) => void;
}

async function call(url: string, { path = '/v1/a', method = 'GET', body = '', ...options }: Call = {}) {
  const {
    service = 'execute-api',
    region = 'us-east-1',
    signQuery = false,
    signedAgo = 0,
    credentials = DEVELOPER,
  } = options;
  const time = new Date(NOW - signedAgo * 60_000).toISOString().replace(/[-:]|\.\d{3}/g, '');
  const { host } = new URL(url);
  const timed = signQuery
    ? { path: `${path}?X-Amz-Date=${time}&X-Amz-Expires=60`, headers: {} }
    : { path, headers: { 'X-Amz-Date': time } };
  const request = sign(
    {
      host,
      method,
      service,
      region,
      signQuery,
      ...(body && { body }),
      ...timed,
      headers: { Host: host, ...timed.headers, ...options.headers },
    },
    credentials,
  );
  const sent = { path: request.path ?? path, body, headers: request.headers as Record<string, string> };
  options.change?.(sent);
  const answer = await send(url, sent.path, { method, headers: sent.headers, ...(sent.body && { body: sent.body }) });
  return {
    status: answer.status,
    errorType: answer.headers['x-amzn-errortype'],
    body: answer.text && (JSON.parse(answer.text) as Record<string, string>),
  };
}

const allow = (Resource: string): object => ({ Effect: 'Allow', Action: 'execute-api:Invoke', Resource });
const arnOf = (restApiId: string, rest: string): string =>
  `arn:aws:execute-api:us-east-1:123456789012:${restApiId}/${rest}`;

describe('authorization by IAM', () => {
  test('lets a signed request in, and tells the function who signed it', async () => {
    const { url, events } = await startIamApi();
    expect(await call(url, { method: 'POST', body: '{"file":"ü"}' })).toMatchObject({ status: 200 });
    expect(events[0]?.body).toBe('{"file":"ü"}');
    expect(events[0]?.requestContext.identity).toMatchObject({
      accessKey: 'AKIADEVELOPER',
      accountId: '123456789012',
      caller: 'AIDADEVELOPER',
      user: 'AIDADEVELOPER',
      userArn: 'arn:aws:iam::123456789012:user/developer',
    });
  });

  test('tells the function the session of a role', async () => {
    const { url, events, role } = await startIamApi(() => [allow('*')]);
    expect((await call(url, { credentials: role })).status).toBe(200);
    expect(events[0]?.requestContext.identity).toMatchObject({
      accessKey: role.accessKeyId,
      caller: 'AROAcaller:tester',
      user: 'AROAcaller:tester',
      userArn: 'arn:aws:sts::123456789012:assumed-role/caller/tester',
    });
  });

  test.each(['/v1/a%20b/%C3%BC', '/v1/a?b=1&a=%2F', '/v1', '/v1/', '/v1/a%2Fb//c/'])(
    'verifies the signature of %s',
    async (path) => {
      const { url } = await startIamApi();
      expect((await call(url, { path })).status).toBe(200);
    },
  );

  test('takes a signature in the query', async () => {
    const { url } = await startIamApi();
    expect((await call(url, { signQuery: true })).status).toBe(200);
    expect(await call(url, { signQuery: true, signedAgo: 2 })).toMatchObject({
      status: 403,
      errorType: 'InvalidSignatureException',
      body: { message: 'Request has expired' },
    });
  });

  test('asks for a signature where there is none', async () => {
    const { url, events } = await startIamApi();
    expect(await send(url, '/v1/a')).toMatchObject({ status: 403, text: '{"message":"Missing Authentication Token"}' });
    expect(events).toEqual([]);
  });

  const MISMATCH = expect.stringMatching(/^The request signature we calculated does not match/);

  test.each<[string, Call]>([
    ['body', { method: 'POST', body: 'a', change: (sent) => Object.assign(sent, { body: 'b' }) }],
    ['path', { change: (sent) => Object.assign(sent, { path: '/v1/b' }) }],
    ['query', { change: (sent) => Object.assign(sent, { path: '/v1/a?x=1' }) }],
    ['secret', { credentials: { ...DEVELOPER, secretAccessKey: 'another' } }],
  ])('refuses a request with another %s than the one that was signed', async (_what, changed) => {
    const { url, events } = await startIamApi();
    expect(await call(url, changed)).toEqual({
      status: 403,
      errorType: 'InvalidSignatureException',
      body: { message: MISMATCH },
    });
    expect(events).toEqual([]);
  });

  test.each<[string, Call, string, unknown]>([
    ['a signature of six minutes ago', { signedAgo: 6 }, 'InvalidSignatureException', /Signature expired/],
    ['a signature of the time in six minutes', { signedAgo: -6 }, 'InvalidSignatureException', /Signature expired/],
    ['a signature for S3', { service: 's3' }, 'IncompleteSignatureException', /execute-api/],
    ['a signature for another region', { region: 'eu-west-1' }, 'IncompleteSignatureException', /us-east-1/],
    [
      'a key that the local runtime does not know',
      { credentials: { ...DEVELOPER, accessKeyId: 'AKIANOBODY' } },
      'UnrecognizedClientException',
      /^The security token included in the request is invalid\.$/,
    ],
    [
      'a temporary key of an earlier local runtime',
      { credentials: { ...DEVELOPER, accessKeyId: 'ASIANOBODY', sessionToken: 't' } },
      'ExpiredTokenException',
      /^The security token included in the request is expired$/,
    ],
  ])('refuses %s', async (_what, options, errorType, message) => {
    const { url } = await startIamApi();
    const body = { message: expect.stringMatching(message as RegExp) };
    expect(await call(url, options)).toEqual({ status: 403, errorType, body });
  });

  test('refuses a session without its token', async () => {
    const { url, role } = await startIamApi(() => [allow('*')]);
    const { sessionToken: _token, ...credentials } = role;
    expect(await call(url, { credentials })).toMatchObject({ status: 403, errorType: 'UnrecognizedClientException' });
  });

  test('refuses a bearer token, and does not repeat it', async () => {
    const { url } = await startIamApi();
    const answer = await send(url, '/v1/a', { headers: { authorization: 'Bearer hidden' } });
    expect([answer.status, answer.headers['x-amzn-errortype']]).toEqual([403, 'IncompleteSignatureException']);
    expect(answer.text).not.toContain('hidden');
  });

  test.each([
    ['its method and path', 'v1/GET/a', 200],
    ['a wildcard', '*/*/*', 200],
    ['another method', 'v1/POST/a', 403],
    ['another path', 'v1/GET/b', 403],
    ['another stage', '_api/GET/a', 403],
  ])('asks the role for a statement about %s', async (_what, rest, status) => {
    const { url, role } = await startIamApi((restApiId) => [allow(arnOf(restApiId, rest))]);
    expect((await call(url, { credentials: role })).status).toBe(status);
  });

  test('says whom it denied what, with most of the account hidden', async () => {
    const { url, role, restApiId } = await startIamApi();
    const message = `User: arn:aws:sts::123456789012:assumed-role/caller/tester is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:us-east-1:********9012:${restApiId}/v1/GET/a`;
    expect(await call(url, { credentials: role })).toEqual({
      status: 403,
      errorType: 'AccessDeniedException',
      body: { Message: message },
    });
  });

  test('obeys an explicit deny', async () => {
    const { url, role } = await startIamApi(() => [allow('*'), { ...allow('*'), Effect: 'Deny' }]);
    const { status, body } = await call(url, { credentials: role });
    expect([status, body]).toEqual([403, { Message: expect.stringMatching(/ with an explicit deny$/) }]);
  });
});
