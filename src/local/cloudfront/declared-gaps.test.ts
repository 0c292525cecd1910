import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { machineClock } from '../clock';
import { applyStack, type StackOutputs } from '../cloudformation/apply-stack';
import { openStackState } from '../cloudformation/stack-state';
import type { TemplateResource } from '../cloudformation/template';
import { authorize } from '../iam/authorize';
import { openIam } from '../iam/iam';
import { openLambda } from '../lambda';
import { refusal, STACK } from './resource-request.test.fixture';
import { cloudFrontResourceTypes, emptyResources } from './resources';

let directory: string;
let warnings: string[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'edgepass-gaps-'));
  warnings = [];
});
afterEach(() => rmSync(directory, { recursive: true }));

/** Boots a template as the local runtime does, with the types of the services that have a share in the edge. */
function boot(resources: Record<string, TemplateResource>): Promise<StackOutputs> {
  const { accountId, region } = STACK;
  const cloudFront = cloudFrontResourceTypes(emptyResources(), {
    accountId,
    domainName: '127.0.0.1',
    now: machineClock,
  });
  const iam = openIam({ accountId, developer: { accessKeyId: 'AKIADEVELOPER', secretAccessKey: 's' } });
  const lambda = openLambda({
    region,
    accountId,
    authorize,
    now: machineClock,
    localEnvironment: {},
    issueCredentials: iam.issueCredentials,
    findAsset: () => '',
    log: () => {},
  });
  return applyStack({
    artifact: { stackName: STACK.stackName, template: { Resources: resources }, findAsset: () => '' },
    stack: STACK,
    types: { ...iam.resourceTypes, ...lambda.resourceTypes, ...cloudFront },
    state: openStackState(join(directory, 'stack.json')),
    invoke: async () => ({ payload: 'null' }),
    warn: (message) => warnings.push(message),
  });
}

const ACCESS: TemplateResource = {
  Type: 'AWS::CloudFront::OriginAccessControl',
  Properties: {
    OriginAccessControlConfig: {
      Name: 'o',
      OriginAccessControlOriginType: 's3',
      SigningBehavior: 'always',
      SigningProtocol: 'sigv4',
    },
  },
};

function distribution(config: object = {}, behavior: object = {}): Record<string, TemplateResource> {
  const DistributionConfig = {
    Enabled: true,
    Origins: [{ Id: 'o', DomainName: 'b.s3.us-east-1.amazonaws.com', OriginAccessControlId: { Ref: 'Access' } }],
    DefaultCacheBehavior: {
      TargetOriginId: 'o',
      CachePolicyId: '658327ea-f89d-4fab-a63d-7e88639e58f6',
      ViewerProtocolPolicy: 'https-only',
      ...behavior,
    },
    ...config,
  };
  return {
    Access: ACCESS,
    Distribution: { Type: 'AWS::CloudFront::Distribution', Properties: { DistributionConfig } },
  };
}

describe('the declared gaps', () => {
  it('a distribution without any of them boots, and without a warning; so it does with access logs', async () => {
    await expect(boot(distribution())).resolves.toEqual({});
    await expect(boot(distribution({ Logging: { Bucket: 'logs.s3.amazonaws.com' } }))).resolves.toEqual({});
    expect(warnings).toEqual([]);
  });

  it('says at every boot that no web ACL keeps anything from the distribution', async () => {
    const WebACLId = 'arn:aws:wafv2:us-east-1:123456789012:global/webacl/a/1';
    await boot(distribution({ WebACLId }));
    await boot(distribution({ WebACLId }));
    expect(warnings).toHaveLength(2);
    expect(new Set(warnings)).toEqual(
      new Set([
        'Distribution (AWS::CloudFront::Distribution): the local runtime has no web ACLs, and serves what the one of WebACLId would block',
      ]),
    );
  });
});

describe('a boot refuses, by name,', () => {
  it.each<[string, object]>([['OriginGroups', { Quantity: 1, Items: [{ Id: 'g' }] }]])(
    'a distribution with %s',
    async (name, value) => {
      await expect(boot(distribution({ [name]: value }))).rejects.toThrow(refusal('ERR_NOT_IMPLEMENTED', name));
    },
  );

  it.each<[string, object]>([
    ['FunctionAssociations', [{ EventType: 'viewer-request', FunctionARN: 'arn:aws:cloudfront::1:function/f' }]],
    [
      'LambdaFunctionAssociations',
      [{ EventType: 'origin-request', LambdaFunctionARN: 'arn:aws:lambda:us-east-1:1:function:f:1' }],
    ],
    ['TrustedSigners', ['self']],
  ])('a behavior with %s', async (name, value) => {
    const named = refusal('ERR_NOT_IMPLEMENTED', name);
    await expect(boot(distribution({}, { [name]: value }))).rejects.toThrow(named);
    const { Access, Distribution } = distribution();
    const config = (Distribution?.Properties?.DistributionConfig ?? {}) as { DefaultCacheBehavior: object };
    const another = { ...config.DefaultCacheBehavior, PathPattern: 'a/*', [name]: value };
    const properties = { DistributionConfig: { ...config, CacheBehaviors: [another] } };
    const template = { Access, Distribution: { ...Distribution, Properties: properties } };
    await expect(boot(template as Record<string, TemplateResource>)).rejects.toThrow(named);
  });

  it.each([
    'AWS::CloudFront::Function',
    'AWS::CloudFront::KeyValueStore',
    'AWS::CloudFront::CloudFrontOriginAccessIdentity',
    'AWS::CloudFront::RealtimeLogConfig',
    'AWS::CloudFront::DistributionTenant',
  ])('%s, though nothing refers to it', async (Type) => {
    await expect(boot({ Resource: { Type, Properties: {} } })).rejects.toThrow(refusal('ERR_NOT_IMPLEMENTED', Type));
    expect(warnings).toEqual([]);
  });

  it.each(['edgelambda.amazonaws.com', 'replicator.lambda.amazonaws.com'])('a permission for %s', async (Principal) => {
    const Properties = { Action: 'lambda:GetFunction', FunctionName: 'f', Principal };
    await expect(boot({ Permission: { Type: 'AWS::Lambda::Permission', Properties } })).rejects.toThrow(
      refusal('ERR_NOT_IMPLEMENTED', Principal),
    );
  });

  it.each<[string, unknown]>([
    ['alone', 'edgelambda.amazonaws.com'],
    ['among others', ['lambda.amazonaws.com', 'edgelambda.amazonaws.com']],
  ])('a role that Lambda@Edge may take, %s', async (_title, Service) => {
    const trust = (service: unknown) => ({
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: service } }],
        },
      },
    });
    await expect(boot({ Role: trust('lambda.amazonaws.com') })).resolves.toEqual({});
    await expect(boot({ Role: trust(Service) })).rejects.toThrow(
      refusal('ERR_NOT_IMPLEMENTED', 'edgelambda.amazonaws.com'),
    );
  });
});
