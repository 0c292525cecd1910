import { describe, expect, test } from 'vitest';
import { STACK, startLambda } from './lambda.test.fixture';

const SOURCE_ARN = 'arn:aws:execute-api:us-east-1:123456789012:api123/v1/GET/s3objects';
const CALLER = { principal: 'apigateway.amazonaws.com', sourceArn: SOURCE_ARN };

async function startPermitted(properties: Record<string, unknown>) {
  const { lambda, define } = startLambda();
  const FunctionName = await define('exports.handler = async () => "ran";');
  const type = lambda.resourceTypes['AWS::Lambda::Permission'];
  const permission = {
    Action: 'lambda:InvokeFunction',
    FunctionName,
    Principal: 'apigateway.amazonaws.com',
    ...properties,
  };
  const result = await type?.apply({ logicalId: 'Permission', properties: permission, stack: STACK });
  const removed = { type: 'AWS::Lambda::Permission', logicalId: 'Permission', properties: permission, stack: STACK };
  return {
    call: (caller = CALLER) => lambda.invoke(FunctionName, {}, caller),
    remove: () => type?.remove?.({ ...removed, physicalId: '', attributes: {}, ...result }),
  };
}

const DENIED = { code: 'AccessDeniedException' };

describe("a function's resource policy", () => {
  test('lets a service invoke a function by the permission for its API', async () => {
    const { call } = await startPermitted({ SourceArn: SOURCE_ARN });
    expect(await call()).toEqual({ payload: '"ran"' });
  });

  test('lets a service invoke a function by a permission with wildcards', async () => {
    for (const resource of ['*', 'api123/*', 'api123/*/GET/s3objects', 'api123/v?/GET/*']) {
      const { call } = await startPermitted({ SourceArn: `arn:aws:execute-api:us-east-1:123456789012:${resource}` });
      expect(await call()).toEqual({ payload: '"ran"' });
    }
  });

  test('compares the whole of a resource that has colons', async () => {
    const withColon = (last: string) => `arn:aws:execute-api:us-east-1:123456789012:api123/v1/GET/a:${last}`;
    const { call } = await startPermitted({ SourceArn: withColon('b') });
    expect(await call({ ...CALLER, sourceArn: withColon('b') })).toEqual({ payload: '"ran"' });
    await expect(call({ ...CALLER, sourceArn: withColon('c') })).rejects.toMatchObject(DENIED);
  });

  test('denies a service that has no permission', async () => {
    const { lambda, define } = startLambda();
    const name = await define('exports.handler = async () => 1;');
    await expect(lambda.invoke(name, {}, CALLER)).rejects.toMatchObject(DENIED);
  });

  test.each([
    ['for another method', { SourceArn: 'arn:aws:execute-api:us-east-1:123456789012:api123/v1/POST/s3objects' }],
    ['for another API', { SourceArn: 'arn:aws:execute-api:us-east-1:123456789012:api124/*' }],
    ['for another account', { SourceArn: 'arn:aws:execute-api:us-east-1:210987654321:api123/*' }],
    ['whose wildcard would have to reach over a colon', { SourceArn: 'arn:aws:*:api123/v1/GET/s3objects' }],
    ['for an ARN that is none', { SourceArn: '*' }],
    ['for another principal', { SourceArn: SOURCE_ARN, Principal: 's3.amazonaws.com' }],
    ['for another action', { SourceArn: SOURCE_ARN, Action: 'lambda:GetFunction' }],
    ['for the sources of another account', { SourceAccount: '210987654321' }],
  ])('denies a service that has a permission %s', async (_what, properties) => {
    const { call } = await startPermitted(properties);
    await expect(call()).rejects.toMatchObject(DENIED);
  });

  test('denies a service whose permission was removed', async () => {
    const { call, remove } = await startPermitted({ SourceArn: SOURCE_ARN });
    await remove();
    await expect(call()).rejects.toMatchObject(DENIED);
  });

  test('refuses a permission for a function that does not exist', async () => {
    await expect(startPermitted({ FunctionName: 'nobody' })).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
    });
  });

  test('refuses a permission that asks for more than the local runtime can tell', async () => {
    await expect(startPermitted({ PrincipalOrgID: 'o-1' })).rejects.toMatchObject({ code: 'ERR_NOT_IMPLEMENTED' });
    await expect(startPermitted({ Colour: 'red' })).rejects.toMatchObject({ code: 'ERR_UNKNOWN_PROPERTY' });
  });
});
