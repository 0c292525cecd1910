import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InvokeCommand, type InvokeCommandInput, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createAwsEndpoint } from '../aws-endpoint';
import { machineClock } from '../clock';
import type { PolicyDocument } from '../iam/policy-document';
import type { AccessKey } from '../iam/principal';
import { openS3 } from '../s3';
import { startLambda, temporaryFolder } from './lambda.test.fixture';

const [REGION, ACCOUNT] = ['us-east-1', '123456789012'];
const MAY_INVOKE = [{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: '*' }];

/** A function host behind the AWS endpoint, and whom IAM knows: a role with these statements. */
async function startInvoke(statements: readonly object[] = MAY_INVOKE) {
  const fixture = startLambda();
  const role = 'arn:aws:iam::123456789012:role/caller';
  const policy = { Version: '2012-10-17', Statement: statements } as unknown as PolicyDocument;
  const key: AccessKey = {
    accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    sessionToken: 'token',
    principal: () => ({
      kind: 'assumed-role',
      arn: 'arn:aws:sts::123456789012:assumed-role/caller/session',
      roleArn: role,
      accountId: ACCOUNT,
      identityPolicies: [policy],
    }),
  };
  const findAccessKey = (id: string) => (id === key.accessKeyId ? key : undefined);
  const [authorize, now] = [() => undefined, machineClock];
  const s3 = openS3({ dir: temporaryFolder(), region: REGION, accountId: ACCOUNT, authorize, findAccessKey, now });
  onTestFinished(() => s3.close());
  const server = createServer(
    createAwsEndpoint({ region: REGION, findAccessKey, services: { s3: s3.api, lambda: fixture.lambda.api }, now }),
  );
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  onTestFinished(() => void server.close().closeAllConnections());
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const clientOf = (credentials: Pick<AccessKey, 'accessKeyId' | 'secretAccessKey' | 'sessionToken'>) => {
    const client = new LambdaClient({ region: REGION, endpoint, credentials, maxAttempts: 1 });
    onTestFinished(() => client.destroy());
    return client;
  };
  const client = clientOf(key);
  return {
    ...fixture,
    key,
    client,
    clientOf,
    ask: (input: InvokeCommandInput) => client.send(new InvokeCommand(input)),
  };
}

const textOf = (payload: Uint8Array | undefined): string => Buffer.from(payload ?? []).toString();
const refusal = (name: string, httpStatusCode: number) => ({ name, $metadata: { httpStatusCode } });

describe("Lambda's Invoke", () => {
  test('runs a function with the payload and answers what it answers', async () => {
    const { define, ask } = await startInvoke();
    const FunctionName = await define(
      'exports.handler = async (event, { functionName }) => ({ event, functionName });',
    );
    const answer = await ask({ FunctionName, Payload: '{"a":["ä",1]}' });
    expect(JSON.parse(textOf(answer.Payload))).toEqual({ event: { a: ['ä', 1] }, functionName: FunctionName });
    expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' });
    expect(answer.FunctionError).toBeUndefined();
    expect(answer.$metadata.requestId).toMatch(/\S+/);
  });

  test('takes a function’s ARN and its partial ARN for its name, and no payload for an empty event', async () => {
    const { define, ask } = await startInvoke();
    const name = await define('exports.handler = async (event) => event;');
    for (const FunctionName of [`arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}`, `${ACCOUNT}:function:${name}`])
      expect(textOf((await ask({ FunctionName })).Payload)).toBe('{}');
  });

  test('answers 200 with FunctionError when the function fails', async () => {
    const { define, ask } = await startInvoke();
    const FunctionName = await define('exports.handler = async () => { throw new TypeError("no"); };');
    const answer = await ask({ FunctionName, Payload: '{}' });
    expect(answer).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled' });
    expect(JSON.parse(textOf(answer.Payload))).toMatchObject({ errorType: 'TypeError', errorMessage: 'no' });
  });

  test('denies a role that may not, in Lambda’s words, and does not tell it what functions there are', async () => {
    const { define, ask } = await startInvoke([]);
    for (const FunctionName of [await define('exports.handler = async () => 1;'), 'nobody'])
      await expect(ask({ FunctionName })).rejects.toMatchObject({
        ...refusal('AccessDeniedException', 403),
        message: expect.stringMatching(
          `^User: arn:aws:sts::${ACCOUNT}:assumed-role/caller/session is not authorized to perform: lambda:InvokeFunction on resource: "arn:aws:lambda:${REGION}:${ACCOUNT}:function:${FunctionName}"`,
        ),
      });
  });

  test('lets a role invoke the functions that its policy names', async () => {
    const Resource = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:Edgepass-Function1-*`;
    const { define, ask } = await startInvoke([{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource }]);
    const [mine, another] = [await define('exports.handler = async () => 1;'), await define('exports.handler = 1')];
    expect(textOf((await ask({ FunctionName: mine })).Payload)).toBe('1');
    await expect(ask({ FunctionName: another })).rejects.toMatchObject(refusal('AccessDeniedException', 403));
  });

  test('knows no function that is not there', async () => {
    const { ask } = await startInvoke();
    await expect(ask({ FunctionName: 'nobody' })).rejects.toMatchObject({
      ...refusal('ResourceNotFoundException', 404),
      message: 'Function not found: nobody',
    });
  });

  test('refuses a payload that is not JSON', async () => {
    const { define, ask } = await startInvoke();
    const FunctionName = await define('exports.handler = async (event) => event;');
    const wrong = ask({ FunctionName, Payload: '{"a":' });
    await expect(wrong).rejects.toMatchObject(refusal('InvalidRequestContentException', 400));
  });

  test('refuses by name what the local runtime does not have', async () => {
    const { define, ask, client } = await startInvoke();
    const FunctionName = await define('exports.handler = async () => 1;');
    const notImplemented: Omit<InvokeCommandInput, 'FunctionName'>[] = [
      { InvocationType: 'Event' },
      { InvocationType: 'DryRun' },
      { LogType: 'Tail' },
      { Qualifier: 'live' },
      { ClientContext: Buffer.from('{}').toString('base64') },
    ];
    for (const input of notImplemented)
      await expect(ask({ FunctionName, ...input })).rejects.toMatchObject(refusal('NotImplemented', 501));
    await expect(client.send(new ListFunctionsCommand({}))).rejects.toMatchObject(refusal('NotImplemented', 501));
  });

  test('tells whose signature does not hold, in Lambda’s words', async () => {
    const { clientOf, key } = await startInvoke();
    const ask = (credentials: Parameters<typeof clientOf>[0]) =>
      clientOf(credentials).send(new InvokeCommand({ FunctionName: 'nobody' }));
    await expect(ask({ ...key, accessKeyId: 'ASIAANOTHER' })).rejects.toMatchObject(
      refusal('UnrecognizedClientException', 403),
    );
    await expect(ask({ ...key, secretAccessKey: 'another' })).rejects.toMatchObject(
      refusal('InvalidSignatureException', 403),
    );
  });
});
