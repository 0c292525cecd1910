import { describe, expect, it } from 'vitest';
import { evaluate, type Scope } from './evaluate';
import type { Template } from './template';

const template: Template = {
  Resources: {},
  Parameters: { Color: { Type: 'String', Default: 'blue' }, Needed: { Type: 'String' } },
  Mappings: { Sizes: { eu: { small: 's' } } },
  Conditions: {
    IsHome: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-east-1'] },
    IsAway: { 'Fn::Not': [{ Condition: 'IsHome' }] },
    Both: { 'Fn::And': [{ Condition: 'IsHome' }, { Condition: 'IsAway' }] },
    Either: { 'Fn::Or': [{ Condition: 'IsHome' }, { Condition: 'IsAway' }] },
  },
};

const scope: Scope = {
  template,
  stack: {
    stackName: 'Edgepass',
    stackId: 'arn:aws:cloudformation:us-east-1:000000000000:stack/Edgepass/1',
    region: 'us-east-1',
    accountId: '000000000000',
    partition: 'aws',
    urlSuffix: 'amazonaws.com',
  },
  applied: new Map([
    [
      'Bucket',
      {
        type: 'AWS::S3::Bucket',
        physicalId: 'files',
        attributes: { Arn: 'arn:aws:s3:::files', 'A.B': 'ab' },
        properties: {},
      },
    ],
  ]),
};

describe('evaluate', () => {
  it.each([
    ['Ref to a resource', { Ref: 'Bucket' }, 'files'],
    ['Ref to a parameter', { Ref: 'Color' }, 'blue'],
    ['Ref to a pseudo parameter', { Ref: 'AWS::AccountId' }, '000000000000'],
    ['Fn::GetAtt', { 'Fn::GetAtt': ['Bucket', 'Arn'] }, 'arn:aws:s3:::files'],
    ['Fn::GetAtt with a dot in the attribute', { 'Fn::GetAtt': 'Bucket.A.B' }, 'ab'],
    ['Fn::Join', { 'Fn::Join': ['/', [{ Ref: 'Bucket' }, '*']] }, 'files/*'],
    ['Fn::Split and Fn::Select', { 'Fn::Select': [1, { 'Fn::Split': ['-', 'a-b-c'] }] }, 'b'],
    [
      'Fn::Sub',
      { 'Fn::Sub': `\${AWS::Region} \${Bucket} \${Bucket.Arn} \${!Plain}` },
      `us-east-1 files arn:aws:s3:::files \${Plain}`,
    ],
    ['Fn::Sub with variables', { 'Fn::Sub': [`\${x}-\${Bucket}`, { x: { Ref: 'Color' } }] }, 'blue-files'],
    ['Fn::Base64', { 'Fn::Base64': 'hi' }, 'aGk='],
    ['Fn::FindInMap', { 'Fn::FindInMap': ['Sizes', 'eu', 'small'] }, 's'],
    ['Fn::If', { 'Fn::If': ['IsHome', 'the local runtime', 'away'] }, 'the local runtime'],
    ['Fn::If over conditions', { 'Fn::If': ['Both', 'b', { 'Fn::If': ['Either', 'e', 'n'] }] }, 'e'],
    [
      'a policy’s Condition, which is no function',
      { Condition: { StringEquals: { a: 'b' } } },
      { Condition: { StringEquals: { a: 'b' } } },
    ],
  ])('%s', (_title, value, expected) => {
    expect(evaluate(value, scope)).toEqual(expected);
  });

  it('leaves out a property that is AWS::NoValue', () => {
    const value = { a: 1, b: { 'Fn::If': ['IsAway', 2, { Ref: 'AWS::NoValue' }] }, c: [{ Ref: 'AWS::NoValue' }, 3] };
    expect(evaluate(value, scope)).toEqual({ a: 1, c: [3] });
  });

  it.each([
    ['an intrinsic function it does not know', { 'Fn::Cidr': ['10.0.0.0/8', 1, 8] }, 'Fn::Cidr'],
    ['a resource that does not exist', { Ref: 'Nobody' }, 'Nobody'],
    ['an attribute that the local runtime does not give', { 'Fn::GetAtt': ['Bucket', 'WebsiteURL'] }, 'WebsiteURL'],
    ['a parameter without a default', { Ref: 'Needed' }, 'Needed'],
    ['a missing entry of a mapping', { 'Fn::FindInMap': ['Sizes', 'eu', 'large'] }, 'large'],
    ['a missing condition', { 'Fn::If': ['Nope', 1, 2] }, 'Nope'],
  ])('refuses %s by name', (_title, value, named) => {
    expect(() => evaluate(value, scope)).toThrow(named);
  });
});
