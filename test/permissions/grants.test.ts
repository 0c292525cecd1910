import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ApiAuth, PrivateContent } from 'edgepass/cdk';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createApp } from '../../dist/cdk/app';
import { JWT, MAXIMUM, maximumIn } from '../cdk/contents';
import { type Resources, resourcesOf, synthesizeContent } from '../cdk/read-template';
import { newApp } from '../new-app';
import { temporaryFolder } from '../run-local';
import { printGrants, readGrants } from './grants';
import {
  ALWAYS,
  AUTO_DELETE,
  DELETES,
  ENCRYPTION_KEY,
  JWT_AUTH,
  LOGS,
  printTables,
  SIGNING_KEY_ENCRYPTION_KEY,
  SITE,
  type Specification,
  tracing,
  uploads,
} from './specification';

function readyMade(): Resources {
  vi.stubEnv('CDK_OUTDIR', temporaryFolder());
  onTestFinished(() => void vi.unstubAllEnvs());
  return Template.fromStack(createApp().node.findChild('Edgepass') as Stack).toJSON().Resources;
}

describe('the granted permissions', () => {
  it.each<[string, () => Resources, Specification[]]>([
    ['a stack without properties', () => synthesizeContent(), [ALWAYS]],
    ['the ready-made stack', readyMade, [ALWAYS, uploads(''), SITE]],
    ['a stack with every property', () => synthesizeContent(MAXIMUM), [ALWAYS, uploads('in/'), DELETES, SITE]],
    [
      'a stack with every property there is',
      () => {
        const stack = new Stack(newApp(), 'Edgepass');
        new PrivateContent(stack, 'PrivateContent', maximumIn(stack));
        return resourcesOf(stack);
      },
      [
        ALWAYS,
        uploads('in/'),
        DELETES,
        SITE,
        ENCRYPTION_KEY,
        AUTO_DELETE,
        SIGNING_KEY_ENCRYPTION_KEY,
        LOGS,
        tracing(ALWAYS, uploads('in/'), DELETES, SITE),
      ],
    ],
    ['a stack whose callers are known by IAM', () => synthesizeContent({ auth: ApiAuth.iam() }), [ALWAYS]],
    ['a stack with a JWT authorizer', () => synthesizeContent({ auth: JWT }), [ALWAYS, JWT_AUTH]],
  ])('%s has the policy statements of the specification, each of them and no other', (_, synthesize, tables) => {
    expect(printGrants(synthesize())).toEqual(printTables(tables));
  });

  const inPolicy = (Type: string, Statement: object): Resources => ({
    PrivateContentX12345678: { Type, Properties: { PolicyDocument: { Statement } } },
  });
  const statement = { Effect: 'Allow', Action: 'a:B', Resource: '*' };

  it('sees a statement wherever it stands', () => {
    const found = ['X: Allow a:B on *'];
    expect(printGrants(inPolicy('AWS::SQS::QueuePolicy', statement))).toEqual(found);
    expect(printGrants(inPolicy('AWS::S3::BucketPolicy', [{ 'Fn::If': ['C', statement] }]))).toEqual(found);
    const key = { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: { Statement: [statement] } } };
    expect(printGrants({ X: key })).toEqual(found);
  });

  it('names a managed policy in the place of its statements', () => {
    const arn = { 'Fn::Sub': `arn:\${AWS::Partition}:iam::aws:policy/A` };
    expect(printGrants({ R: { Type: 'AWS::IAM::Role', Properties: { ManagedPolicyArns: [arn] } } })).toEqual([
      'R: Allow all of arn:<Partition>:iam::aws:policy/A',
    ]);
  });

  it('tells principals, conditions and accounts apart', () => {
    const line = (more: object): string | undefined =>
      printGrants(inPolicy('AWS::SQS::QueuePolicy', { ...statement, ...more }))[0];
    expect(
      line({ Principal: { AWS: { 'Fn::Join': ['', ['arn:aws:iam::', { Ref: 'AWS::AccountId' }, ':root']] } } }),
    ).toBe('X: Allow a:B on * to arn:aws:iam::<AccountId>:root');
    expect(line({ Principal: { Federated: 'accounts.example' } })).toBe(
      'X: Allow a:B on * to Federated accounts.example',
    );
    expect(line({ Condition: { StringLike: { 'k:b': ['x', 'y'] }, Bool: { 'k:a': 'true' } } })).toBe(
      'X: Allow a:B on * if Bool k:a is true and StringLike k:b is x or y',
    );
  });

  it.each<[string, Resources]>([
    ['NotAction', inPolicy('AWS::SQS::QueuePolicy', { Effect: 'Allow', NotAction: 'a:B', Resource: '*' })],
    ['NotPrincipal', inPolicy('AWS::SQS::QueuePolicy', { ...statement, NotPrincipal: '*' })],
    ['PermissionsBoundary', { R: { Type: 'AWS::IAM::Role', Properties: { PermissionsBoundary: 'arn' } } }],
    [
      'a policy in a string',
      { R: { Type: 'AWS::Logs::ResourcePolicy', Properties: { PolicyDocument: '{"Effect":"Allow"}' } } },
    ],
    [
      'FunctionUrlAuthType',
      {
        P: {
          Type: 'AWS::Lambda::Permission',
          Properties: { FunctionName: { 'Fn::GetAtt': ['F', 'Arn'] }, FunctionUrlAuthType: 'NONE' },
        },
      },
    ],
  ])('refuses what it cannot tell: %s', (what, resources) => {
    expect(() => readGrants(resources)).toThrow(what);
  });
});
