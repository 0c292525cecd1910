import { Duration, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket } from 'aws-cdk-lib/aws-s3';
import type { PrivateContentProps } from 'edgepass/cdk';
import { describe, expect, it } from 'vitest';
import {
  addContent,
  admitted,
  beside,
  dependenciesOf,
  ENV,
  from,
  newBucket,
  newStack,
  PRIVATE,
  warningsOf,
} from './bucket.fixture';
import { environmentOf, findCycle, ofType, only, privileges, resourcesOf, textOf } from './read-template';

describe('its own bucket', () => {
  it('is encrypted with a key of the stack, which lets in this distribution alone, without a circle', () => {
    const stack = newStack('Edgepass');
    addContent(stack, { encryptionKey: new Key(stack, 'Key'), uploads: {} });
    const resources = resourcesOf(stack);
    expect(findCycle(resources)).toEqual([]);
    expect(admitted(resources)).toEqual([
      `s3:GetObject <Bucket.Arn>/* ${from('<Distribution>')}`,
      `kms:Decrypt * ${from('<Distribution>')}`,
    ]);
    const [rule] = only(resources, 'AWS::S3::Bucket').BucketEncryption.ServerSideEncryptionConfiguration;
    const { AliasName, TargetKeyId } = only(resources, 'AWS::KMS::Alias');
    expect(rule).toEqual({
      BucketKeyEnabled: true,
      ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: AliasName },
    });
    expect(textOf(TargetKeyId)).toBe('<Key.Arn>');
    expect([...warningsOf(stack)]).toEqual([]);
  });

  it('lets functions use the key as far as they read and write objects', () => {
    const stack = newStack('Edgepass');
    addContent(stack, { encryptionKey: new Key(stack, 'Key'), uploads: {}, deletes: true });
    const uses = (name: string): string[] =>
      privileges(resourcesOf(stack), name).filter((privilege) => privilege.startsWith('kms:'));
    expect(uses('ApiSigner')).toEqual(['kms:Decrypt <Key.Arn>']);
    expect(uses('ApiUploader')).toEqual(['kms:Decrypt <Key.Arn>', 'kms:GenerateDataKey <Key.Arn>']);
    expect(['ApiLister', 'ApiDeleter', 'ApiExplainer', 'ApiDescriber'].flatMap(uses)).toEqual([]);
  });

  it('is encrypted with an imported key, whose policy is told', () => {
    const stack = newStack('Edgepass', { env: ENV });
    const arn = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
    addContent(stack, { encryptionKey: Key.fromKeyArn(stack, 'Key', arn) });
    const resources = resourcesOf(stack);
    const [rule] = only(resources, 'AWS::S3::Bucket').BucketEncryption.ServerSideEncryptionConfiguration;
    expect(rule.ServerSideEncryptionByDefault.KMSMasterKeyID).toBe(arn);
    expect(privileges(resources, 'ApiSigner')).toContain(`kms:Decrypt ${arn}`);
    expect(warningsOf(stack).get('keyPolicy')).toContain(
      '{"Effect":"Allow","Principal":{"Service":"cloudfront.amazonaws.com"},"Action":"kms:Decrypt","Resource":"*",' +
        '"Condition":{"StringEquals":{"AWS:SourceArn":"arn:aws:cloudfront::111122223333:distribution/DISTRIBUTION_ID"}}}',
    );
  });

  it('is encrypted with a key of another stack, whose policy is told, for the stacks would depend on each other', () => {
    const keys = newStack('Keys');
    const stack = beside(keys, 'Edgepass');
    addContent(stack, { encryptionKey: new Key(keys, 'Key') });
    const resources = resourcesOf(stack);
    expect(dependenciesOf(stack)).toEqual(['Keys']);
    expect(admitted(resourcesOf(keys))).toEqual([]);
    expect([...warningsOf(stack).keys()]).toEqual(['keyPolicy']);
    expect(privileges(resources, 'ApiSigner')).toContain('kms:Decrypt <Keys:Key.Arn>');
  });

  it('stays when the stack is deleted, or goes, with its objects only where that is said', () => {
    const policies = (props: PrivateContentProps): unknown[] => {
      const stack = newStack('Edgepass');
      addContent(stack, props);
      const resources = resourcesOf(stack);
      const [[, bucket] = ['', undefined]] = ofType(resources, 'AWS::S3::Bucket');
      return [bucket?.DeletionPolicy, ofType(resources, 'Custom::S3AutoDeleteObjects').length];
    };
    expect(policies({})).toEqual(['Retain', 0]);
    expect(policies({ removalPolicy: RemovalPolicy.DESTROY })).toEqual(['Delete', 0]);
    expect(policies({ removalPolicy: RemovalPolicy.DESTROY, autoDeleteObjects: true })).toEqual(['Delete', 1]);
  });
});

describe('a bucket that is brought', () => {
  it('of the same stack, with a KMS key: both let in this distribution alone, without a circle', () => {
    const stack = newStack('Edgepass');
    const bucket = newBucket(stack, { ...PRIVATE, encryptionKey: new Key(stack, 'Key') });
    addContent(stack, { bucket });
    const resources = resourcesOf(stack);
    expect(findCycle(resources)).toEqual([]);
    expect(ofType(resources, 'AWS::S3::Bucket')).toHaveLength(1);
    expect(admitted(resources)).toEqual([
      `s3:GetObject <Mine.Arn>/* ${from('<Distribution>')}`,
      `kms:Decrypt * ${from('<Distribution>')}`,
    ]);
    expect(environmentOf(resources, 'ApiSigner').BUCKET_NAME).toBe('<Mine>');
    expect([...warningsOf(stack)]).toEqual([]);
  });

  it('of another stack, by its name: that stack’s policies let in this distribution alone, and the functions to the key', () => {
    const data = newStack('Data');
    const bucket = newBucket(data, {
      ...PRIVATE,
      bucketName: 'mine',
      encryptionKey: new Key(data, 'Key'),
      versioned: true,
    });
    const stack = beside(data, 'Edgepass');
    const content = addContent(stack, { bucket, uploads: {} });
    const [theirs, ours] = [resourcesOf(data), resourcesOf(stack)];
    expect([findCycle(theirs), findCycle(ours)]).toEqual([[], []]);
    expect(dependenciesOf(data)).toEqual(['Edgepass']);
    expect(admitted(theirs)).toEqual([
      `s3:GetObject <Mine.Arn>/* ${from('<Edgepass:Distribution>')}`,
      `kms:Decrypt * ${from('<Edgepass:Distribution>')}`,
      'kms:Decrypt * by <Edgepass:ApiSignerRole.Arn> {}',
      'kms:Decrypt kms:GenerateDataKey * by <Edgepass:ApiUploaderRole.Arn> {}',
    ]);
    expect([environmentOf(ours, 'ApiSigner').BUCKET_NAME, content.bucket.bucketName]).toEqual(['mine', 'mine']);
    expect(privileges(ours, 'ApiLister')).toContain('s3:ListBucket arn::s3:::mine');
    expect(only(theirs, 'AWS::S3::Bucket')).toHaveProperty('CorsConfiguration');
    expect([...warningsOf(stack), ...warningsOf(data)]).toEqual([]);
  });

  it('of another stack, with neither name nor policy: this stack gives it one, for this distribution alone', () => {
    const data = newStack('Data');
    const bucket = newBucket(data, { blockPublicAccess: BlockPublicAccess.BLOCK_ALL });
    const stack = beside(data, 'Edgepass');
    addContent(stack, { bucket });
    const ours = resourcesOf(stack);
    expect(dependenciesOf(stack)).toEqual(['Data']);
    expect(ofType(resourcesOf(data), 'AWS::S3::BucketPolicy')).toEqual([]);
    expect(textOf(only(ours, 'AWS::S3::BucketPolicy').Bucket)).toBe('<Data:Mine>');
    expect(admitted(ours)).toEqual([`s3:GetObject <Data:Mine.Arn>/* ${from('<Distribution>')}`]);
    expect([...warningsOf(stack)]).toEqual([]);
    bucket.addToResourcePolicy(new PolicyStatement({ principals: [new AnyPrincipal()], effect: Effect.DENY }));
    expect(stack.node.findChild('PrivateContent').node.findChild('BucketPolicy').node.validate()).toEqual([
      expect.stringContaining('Data/Mine has got another policy after Edgepass/PrivateContent has given it one'),
    ]);
  });

  it('of another stack, whose policy another construct has given it: the statement is told', () => {
    const data = newStack('Data');
    const bucket = newBucket(data, { blockPublicAccess: BlockPublicAccess.BLOCK_ALL });
    addContent(beside(data, 'First'), { bucket });
    const second = beside(data, 'Second');
    addContent(second, { bucket });
    expect([...warningsOf(second).keys()]).toEqual(['bucketPolicy']);
  });

  it('of another region, without a name: the statement is told', () => {
    const data = newStack('Data', { env: { ...ENV, region: 'eu-west-1' }, crossRegionReferences: true });
    const bucket = newBucket(data, { blockPublicAccess: BlockPublicAccess.BLOCK_ALL });
    const stack = beside(data, 'Edgepass', { env: ENV, crossRegionReferences: true });
    addContent(stack, { bucket });
    resourcesOf(stack);
    expect(dependenciesOf(stack)).toEqual(['Data']);
    expect([...warningsOf(stack).keys()]).toEqual(['bucketPolicy']);
  });

  it('of another stack, with a policy and without a name: the statements for its policies are told', () => {
    const data = newStack('Data');
    const bucket = newBucket(data, { ...PRIVATE, encryptionKey: new Key(data, 'Key') });
    const stack = beside(data, 'Edgepass');
    addContent(stack, { bucket });
    expect(admitted(resourcesOf(data))).toEqual([]);
    expect(dependenciesOf(stack)).toEqual(['Data']);
    const warnings = warningsOf(stack);
    expect([...warnings.keys()]).toEqual(['bucketPolicy', 'keyPolicy']);
    const condition =
      '"Condition":{"StringEquals":{"AWS:SourceArn":"arn:aws:cloudfront::ACCOUNT_ID:distribution/DISTRIBUTION_ID"}}';
    expect(warnings.get('bucketPolicy')).toContain(
      `"Action":"s3:GetObject","Resource":"arn:aws:s3:::BUCKET_NAME/*",${condition}}`,
    );
    expect(warnings.get('keyPolicy')).toContain(`"Action":"kms:Decrypt","Resource":"*",${condition}}`);
    expect(privileges(resourcesOf(stack), 'ApiSigner')).toContain('kms:Decrypt <Data:Key.Arn>');
  });

  it('of another region, by its name: that region’s policies let in this distribution alone', () => {
    const data = newStack('Data', { env: { ...ENV, region: 'eu-west-1' }, crossRegionReferences: true });
    const bucket = newBucket(data, { ...PRIVATE, bucketName: 'mine', encryptionKey: new Key(data, 'Key') });
    const stack = beside(data, 'Edgepass', { env: ENV, crossRegionReferences: true });
    addContent(stack, { bucket });
    const [theirs, ours] = [resourcesOf(data), resourcesOf(stack)];
    expect([findCycle(theirs), findCycle(ours)]).toEqual([[], []]);
    expect(admitted(theirs)).toEqual([
      expect.stringMatching(/^s3:GetObject <Mine.Arn>\/\* by cloudfront.amazonaws.com .*distribution\/<ExportsReader/),
      expect.stringMatching(/^kms:Decrypt \* by cloudfront.amazonaws.com .*distribution\/<ExportsReader/),
      expect.stringMatching(/^kms:Decrypt \* by <ExportsReader.*ApiSignerRole/),
    ]);
    const [origin] = only(ours, 'AWS::CloudFront::Distribution').DistributionConfig.Origins;
    expect(textOf(origin.DomainName)).toBe('mine.s3.eu-west-1.amazonaws.com');
    expect(['ApiLister', 'ApiSigner'].map((name) => environmentOf(ours, name).BUCKET_REGION)).toEqual([
      'eu-west-1',
      'eu-west-1',
    ]);
    expect([...warningsOf(stack)]).toEqual([]);
  });

  it('that is imported from another region: its own address, and the statement for its policy is told', () => {
    const stack = newStack('Edgepass', { env: ENV });
    const bucket = Bucket.fromBucketAttributes(stack, 'Mine', { bucketName: 'mine', region: 'eu-west-1' });
    addContent(stack, { bucket, deletes: true, uploads: {}, corsAllowedOrigins: ['https://app.example.com'] });
    const resources = resourcesOf(stack);
    for (const name of ['ApiLister', 'ApiSigner', 'ApiUploader', 'ApiDeleter'])
      expect(environmentOf(resources, name)).toMatchObject({ BUCKET_NAME: 'mine', BUCKET_REGION: 'eu-west-1' });
    const [origin] = only(resources, 'AWS::CloudFront::Distribution').DistributionConfig.Origins;
    expect(textOf(origin.DomainName)).toBe('mine.s3.eu-west-1.amazonaws.com');
    const warnings = warningsOf(stack);
    expect([...warnings.keys()]).toEqual(['uploadBucket', 'bucketPolicy']);
    expect(warnings.get('bucketPolicy')).toContain(
      '{"Effect":"Allow","Principal":{"Service":"cloudfront.amazonaws.com"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::mine/*",' +
        '"Condition":{"StringEquals":{"AWS:SourceArn":"arn:aws:cloudfront::111122223333:distribution/DISTRIBUTION_ID"}}}',
    );
    const [rules = ''] = /\{.*\}/.exec(warnings.get('uploadBucket') ?? '') ?? [];
    expect(JSON.parse(rules)).toEqual({
      CORSRules: [
        {
          AllowedMethods: ['PUT'],
          AllowedOrigins: ['https://app.example.com'],
          AllowedHeaders: ['*'],
          ExposeHeaders: expect.arrayContaining(['ETag']),
          MaxAgeSeconds: 3600,
        },
      ],
      Rules: [
        {
          ID: 'unfinished-uploads',
          Status: 'Enabled',
          Filter: { Prefix: '' },
          AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
        },
        {
          ID: 'idempotency-keys',
          Status: 'Enabled',
          Filter: { Prefix: '_s/idempotency/' },
          Expiration: { Days: 1 },
          NoncurrentVersionExpiration: { NoncurrentDays: 1 },
        },
      ],
    });
  });

  it('gets the CORS and lifecycle rules that uploads need, beside its own', () => {
    const stack = newStack('Edgepass');
    const lifecycleRules = [{ id: 'mine', prefix: 'old/', expiration: Duration.days(9) }];
    addContent(stack, { bucket: newBucket(stack, { ...PRIVATE, lifecycleRules }), uploads: {} });
    const { CorsConfiguration, LifecycleConfiguration } = only(resourcesOf(stack), 'AWS::S3::Bucket');
    expect(CorsConfiguration.CorsRules).toEqual([expect.objectContaining({ AllowedMethods: ['PUT'] })]);
    expect(LifecycleConfiguration.Rules.map(({ Id }: { Id: string }) => Id)).toEqual([
      'mine',
      'unfinished-uploads',
      'idempotency-keys',
    ]);
  });
});

describe("the bucket's properties", () => {
  it.each<[string, (stack: Stack) => PrivateContentProps, string, string]>([
    [
      'a key for a bucket that is brought',
      (stack) => ({ bucket: newBucket(stack, {}), encryptionKey: new Key(stack, 'Key') }),
      'encryptionKey',
      'bucket you give',
    ],
    [
      'a removal policy for it',
      (stack) => ({ bucket: newBucket(stack, {}), removalPolicy: RemovalPolicy.DESTROY }),
      'removalPolicy',
      'bucket you give',
    ],
    [
      'to delete its objects',
      (stack) => ({ bucket: newBucket(stack, {}), autoDeleteObjects: true }),
      'autoDeleteObjects',
      'bucket you give',
    ],
    [
      'to delete the objects of a bucket that stays',
      () => ({ autoDeleteObjects: true }),
      'autoDeleteObjects',
      'RemovalPolicy.DESTROY',
    ],
  ])('refuses %s', (_title, props, property, fix) => {
    const stack = newStack('Edgepass');
    expect(() => addContent(stack, props(stack))).toThrow(
      expect.objectContaining({ code: 'ERR_PROPERTY_INVALID', property, message: expect.stringContaining(fix) }),
    );
  });
});
