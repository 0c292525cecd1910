import { type App, Stack, type StackProps } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { BlockPublicAccess, Bucket, type BucketProps, type IBucket } from 'aws-cdk-lib/aws-s3';
import { PrivateContent, type PrivateContentProps } from 'edgepass/cdk';
import { newApp } from '../new-app';
import { ofType, type Resources, textOf } from './read-template';

export const ENV = { account: '111122223333', region: 'us-east-1' };
export const PRIVATE: BucketProps = { blockPublicAccess: BlockPublicAccess.BLOCK_ALL, enforceSSL: true };

export const newStack = (id: string, props: StackProps = {}, app: App = newApp()): Stack => new Stack(app, id, props);
/** aws-cdk-lib's own class does not satisfy its interface under `exactOptionalPropertyTypes`. */
export const newBucket = (stack: Stack, props: BucketProps): IBucket => new Bucket(stack, 'Mine', props) as IBucket;
export const beside = (stack: Stack, id: string, props: StackProps = {}): Stack =>
  newStack(id, props, stack.node.root as App);

export const addContent = (stack: Stack, props: PrivateContentProps): PrivateContent =>
  new PrivateContent(stack, 'PrivateContent', props);

export const dependenciesOf = (stack: Stack): string[] => stack.dependencies.map(({ stackName }) => stackName);

interface Statement {
  readonly Effect: string;
  readonly Action: unknown;
  readonly Principal: { readonly Service?: unknown; readonly AWS?: unknown };
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

/** What principals may by the policies of buckets and keys, one line a statement; besides a key's own account. */
export function admitted(resources: Resources): string[] {
  const documents = [
    ...ofType(resources, 'AWS::S3::BucketPolicy').map(([, { Properties }]) => Properties.PolicyDocument),
    ...ofType(resources, 'AWS::KMS::Key').map(([, { Properties }]) => Properties.KeyPolicy),
  ];
  const statements: Statement[] = documents.flatMap(({ Statement }) => Statement);
  return statements
    .filter(({ Effect, Action }) => Effect === 'Allow' && Action !== 'kms:*')
    .map(({ Action, Principal, Resource, Condition }) => {
      const condition = JSON.stringify(Condition ?? {}, (key, value) =>
        key === 'AWS:SourceArn' ? textOf(value) : value,
      );
      return `${[Action].flat().join(' ')} ${textOf(Resource)} by ${textOf(Principal.Service ?? Principal.AWS)} ${condition}`;
    });
}

export const from = (distribution: string): string =>
  `by cloudfront.amazonaws.com {"StringEquals":{"AWS:SourceArn":"arn::cloudfront:::distribution/${distribution}"}}`;

/** The construct's own warnings by their ids, `edgepass:` left out. */
export function warningsOf(stack: Stack): Map<string, string> {
  const texts = Annotations.fromStack(stack)
    .findWarning('*', Match.anyValue())
    .map(({ entry }) => String(entry.data));
  const ours = texts.map((text) => [/\[ack: edgepass:(\w+)\]$/.exec(text)?.[1], text] as const);
  return new Map(ours.filter((one): one is [string, string] => one[0] !== undefined));
}
