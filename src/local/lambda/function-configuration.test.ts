import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { AppliedResource } from '../cloudformation/resource-type';
import { functionRequest, startLambda } from './lambda.test.fixture';

const CDK = dirname(require.resolve('aws-cdk-lib/package.json'));
const CODE = { ZipFile: 'exports.handler = async () => 1;' };

/** Applies a function; properties that are undefined are left out. */
async function apply(properties: Record<string, unknown>, previous?: AppliedResource) {
  const { lambda } = startLambda();
  const request = functionRequest('Lister', { Code: CODE, ...properties });
  const present = Object.entries(request.properties).filter(([, value]) => value !== undefined);
  const result = await lambda.resourceTypes['AWS::Lambda::Function']?.apply({
    ...request,
    properties: Object.fromEntries(present),
    previous,
  });
  return { physicalId: '', attributes: {}, ...result };
}

describe("a function's configuration", () => {
  test('names a function after its stack and logical id, and keeps the name', async () => {
    const first = await apply({});
    expect(first.physicalId).toMatch(/^Edgepass-Lister-[A-Za-z0-9]{12}$/);
    expect(first.attributes).toEqual({
      Arn: `arn:aws:lambda:us-east-1:123456789012:function:${first.physicalId}`,
    });
    const previous = { ...first, type: 'AWS::Lambda::Function', properties: {} };
    expect((await apply({}, previous)).physicalId).toBe(first.physicalId);
  });

  test('makes no name of more than 64 characters', async () => {
    const { lambda } = startLambda();
    const request = functionRequest('L'.repeat(255), { Code: CODE });
    const stack = { ...request.stack, stackName: 'S'.repeat(128) };
    const result = await lambda.resourceTypes['AWS::Lambda::Function']?.apply({ ...request, stack });
    expect(result?.physicalId).toHaveLength(64);
  });

  test('takes the name of the template', async () => {
    expect((await apply({ FunctionName: 'lister' })).physicalId).toBe('lister');
    await expect(apply({ FunctionName: 'a b' })).rejects.toMatchObject({ code: 'InvalidParameterValueException' });
  });

  test('takes everything that the reference template says of a function', async () => {
    const properties = {
      Architectures: ['arm64'],
      Description: 'GET /s3objects: lists the objects of the private bucket',
      Environment: { Variables: { BUCKET_NAME: 'private' } },
      LoggingConfig: { LogFormat: 'JSON', LogGroup: 'lister-logs' },
      MemorySize: 256,
      Timeout: 10,
    };
    expect((await apply(properties)).physicalId).toMatch(/^Edgepass-Lister-/);
  });

  test('reads numbers that are written as texts, as CloudFormation does', async () => {
    expect((await apply({ MemorySize: '256', Timeout: '10' })).physicalId).toMatch(/^Edgepass-Lister-/);
  });

  test('knows every property that CDK knows of a function', async () => {
    const declarations = readFileSync(join(CDK, 'aws-lambda', 'lib', 'lambda.generated.d.ts'), 'utf8');
    const [, body = ''] = /export interface CfnFunctionProps \{(.*?)\n\}/s.exec(declarations) ?? [];
    const names = [...body.matchAll(/^ {4}readonly (\w+)\??:/gm)].map(
      ([, name = '']) => name[0]?.toUpperCase() + name.slice(1),
    );
    expect(names).toContain('VpcConfig');
    for (const name of names) {
      const error = await apply({ [name]: 'x' }).catch((reason: { code?: string }) => reason);
      expect([name, 'code' in error && error.code]).not.toEqual([name, 'ERR_UNKNOWN_PROPERTY']);
    }
  });

  test.each([
    ['ERR_UNKNOWN_PROPERTY', 'Colour', { Colour: 'red' }],
    ['ERR_UNKNOWN_PROPERTY', 'Variable', { Environment: { Variable: {} } }],
    ['ERR_UNKNOWN_PROPERTY', 'toString', { toString: 'x' }],
    ['ERR_NOT_IMPLEMENTED', 'Layers', { Layers: ['arn:aws:lambda:us-east-1:1:layer:l:1'] }],
    ['ERR_NOT_IMPLEMENTED', 'VpcConfig', { VpcConfig: { SubnetIds: ['subnet-1'] } }],
    ['ERR_NOT_IMPLEMENTED', 'FileSystemConfigs', { FileSystemConfigs: [{ Arn: 'a' }] }],
    ['ERR_NOT_IMPLEMENTED', 'ImageUri', { Code: { ImageUri: 'x' } }],
    ['ERR_NOT_IMPLEMENTED', 'ReservedConcurrentExecutions', { ReservedConcurrentExecutions: 0 }],
    ['ERR_INVALID_PROPERTY', 'PackageType', { PackageType: 'Image' }],
    ['ERR_INVALID_PROPERTY', 'the local runtime runs the Node.js runtimes alone', { Runtime: 'python3.13' }],
    ['ERR_INVALID_PROPERTY', 'Runtime is missing', { Runtime: undefined }],
    ['ERR_INVALID_PROPERTY', 'Handler is missing', { Handler: undefined }],
    ['ERR_INVALID_PROPERTY', 'Role is missing', { Role: undefined }],
    ['ERR_INVALID_PROPERTY', 'S3Bucket is missing', { Code: {} }],
    ['ERR_INVALID_PROPERTY', 'Timeout has to be a number from 1 to 900', { Timeout: 901 }],
    ['ERR_INVALID_PROPERTY', 'Timeout', { Timeout: 'soon' }],
    ['ERR_INVALID_PROPERTY', 'MemorySize', { MemorySize: 64 }],
    [
      'ERR_INVALID_PROPERTY',
      'AWS_REGION, _HANDLER',
      { Environment: { Variables: { AWS_REGION: 'x', _HANDLER: 'y' } } },
    ],
    ['ERR_INVALID_PROPERTY', 'LogFormat', { LoggingConfig: { LogFormat: 'XML' } }],
  ])('refuses with %s, naming %s', async (code, named, properties) => {
    const refused = apply(properties);
    await expect(refused).rejects.toMatchObject({ code });
    await expect(refused).rejects.toThrow(named);
    await expect(refused).rejects.toThrow('Lister (AWS::Lambda::Function)');
  });
});
