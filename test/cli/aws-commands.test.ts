/** `edgepass doctor` and `destroy` against a server that answers a few of AWS's operations as they are documented. */
import { spawn, spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import {
  COMMAND,
  edgepassOnAws,
  environmentWith,
  query,
  queryError,
  type StandInAnswer,
  type StandInAnswers,
  s3Error,
  WHO_AM_I,
} from './aws-stand-in';

const hasScript = spawnSync('script', ['-qec', 'true', '/dev/null']).status === 0;

const STACK_ID = 'arn:aws:cloudformation:eu-central-1:111122223333:stack/Edgepass/1';
const ARN = 'arn:aws:cloudfront::111122223333:distribution/E1';

const resource = (logicalId: string, type: string, physicalId: string, more = ''): string =>
  `<member><LogicalResourceId>${logicalId}</LogicalResourceId><ResourceType>${type}</ResourceType>
   <PhysicalResourceId>${physicalId}</PhysicalResourceId>${more}</member>`;

const RESOURCES = [
  resource('Bucket', 'AWS::S3::Bucket', 'files'),
  resource('Distribution', 'AWS::CloudFront::Distribution', 'E1'),
  resource('Api', 'AWS::ApiGateway::RestApi', 'api'),
].join('');

const stackIn = (status: string): StandInAnswer =>
  query(
    'DescribeStacks',
    `<Stacks><member><StackId>${STACK_ID}</StackId><StackName>Edgepass</StackName><StackStatus>${status}</StackStatus></member></Stacks>`,
  );
const resources = (members: string): StandInAnswer =>
  query('ListStackResources', `<StackResourceSummaries>${members}</StackResourceSummaries>`);

const STACK: StandInAnswers = {
  GetCallerIdentity: WHO_AM_I,
  DescribeStacks: stackIn('CREATE_COMPLETE'),
  ListStackResources: resources(RESOURCES),
};

const DISTRIBUTION = `<Distribution><Id>E1</Id><ARN>${ARN}</ARN><Status>Deployed</Status>
  <DomainName>d111111abcdef8.cloudfront.invalid</DomainName><DistributionConfig>
    <Enabled>true</Enabled><IsIPV6Enabled>false</IsIPV6Enabled><DefaultRootObject></DefaultRootObject>
    <Origins><Quantity>1</Quantity><Items><Origin><Id>files</Id><DomainName>files.s3.eu-central-1.amazonaws.com</DomainName>
      <OriginAccessControlId>EOAC</OriginAccessControlId><S3OriginConfig><OriginAccessIdentity></OriginAccessIdentity></S3OriginConfig>
    </Origin></Items></Origins>
    <DefaultCacheBehavior><TargetOriginId>files</TargetOriginId><ViewerProtocolPolicy>redirect-to-https</ViewerProtocolPolicy>
      <TrustedKeyGroups><Enabled>true</Enabled><Quantity>1</Quantity><Items><KeyGroup>G1</KeyGroup></Items></TrustedKeyGroups>
      <CachePolicyId>P1</CachePolicyId></DefaultCacheBehavior>
    <CacheBehaviors><Quantity>0</Quantity></CacheBehaviors>
  </DistributionConfig></Distribution>`;

const POLICY = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: 'cloudfront.amazonaws.com' },
      Action: 's3:GetObject',
      Resource: 'arn:aws:s3:::files/*',
      Condition: { StringEquals: { 'AWS:SourceArn': ARN } },
    },
  ],
};

const PUBLIC_KEYS = '/edgepass/Edgepass/PrivateContent/public-keys';

const keys = (...ids: string[]): StandInAnswer => {
  const now = new Date().toISOString();
  const Value = JSON.stringify({ keys: ids.map((keyPairId) => ({ keyPairId, createdAt: now, signsFrom: now })) });
  return { body: JSON.stringify({ Parameter: { Name: PUBLIC_KEYS, Type: 'String', Value } }) };
};

const CONTENT: StandInAnswers = {
  ...STACK,
  GetParameter: keys('K1'),
  GetTemplate: template({ Keeper: keeper(PUBLIC_KEYS) }),
  'GET /2020-05-31/distribution/E1': { body: DISTRIBUTION },
  'GET /2020-05-31/cache-policy/P1': {
    body: `<CachePolicy><Id>P1</Id><CachePolicyConfig><Name>P</Name><MinTTL>1</MinTTL><ParametersInCacheKeyAndForwardedToOrigin>
      <QueryStringsConfig><QueryStringBehavior>whitelist</QueryStringBehavior><QueryStrings><Quantity>1</Quantity><Items>
        <Name>response-content-disposition</Name></Items></QueryStrings></QueryStringsConfig>
      </ParametersInCacheKeyAndForwardedToOrigin></CachePolicyConfig></CachePolicy>`,
  },
  'GET /2020-05-31/key-group/G1': {
    body: '<KeyGroup><Id>G1</Id><KeyGroupConfig><Name>G</Name><Items><PublicKey>K1</PublicKey></Items></KeyGroupConfig></KeyGroup>',
  },
  'GET /files?policy': { body: JSON.stringify(POLICY) },
  'GET /files?policyStatus': { body: '<PolicyStatus><IsPublic>false</IsPublic></PolicyStatus>' },
  'GET /files?publicAccessBlock': {
    body: `<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>true</IgnorePublicAcls>
      <BlockPublicPolicy>true</BlockPublicPolicy><RestrictPublicBuckets>true</RestrictPublicBuckets></PublicAccessBlockConfiguration>`,
  },
  'GET /files?encryption': encryption('<SSEAlgorithm>AES256</SSEAlgorithm>'),
};

function keeper(PUBLIC_KEYS_PARAMETER: unknown): object {
  return { Type: 'AWS::Lambda::Function', Properties: { Environment: { Variables: { PUBLIC_KEYS_PARAMETER } } } };
}

function template(Resources: object): StandInAnswer {
  const body = JSON.stringify({ Resources }).replaceAll('"', '&quot;');
  return query('GetTemplate', `<TemplateBody>${body}</TemplateBody>`);
}

function encryption(rule: string): StandInAnswer {
  return {
    body: `<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault>${rule}</ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>`,
  };
}

async function diagnose(change: StandInAnswers = {}) {
  const { code, stdout, stderr } = await edgepassOnAws(['doctor', '--json'], { ...CONTENT, ...change });
  expect(stdout, stderr).not.toBe('');
  const { findings, notChecked } = JSON.parse(stdout) as Record<'findings' | 'notChecked', Record<string, string>[]>;
  return { code, codes: findings.map((finding) => finding.code), reasons: notChecked.map(({ reason }) => reason) };
}

/** What is never answered here: the distribution itself, and an API with a key. */
const BLIND = [
  expect.stringContaining('d111111abcdef8.cloudfront.invalid cannot be reached'),
  'the stack has no API to sign a test link',
];

describe('edgepass doctor, of a stack on AWS', () => {
  it('finds nothing where nothing is wrong, and says what it could not look at', async () => {
    expect(await diagnose()).toEqual({ code: 2, codes: [], reasons: BLIND });
  });

  it.each([
    ['no bucket policy', { 'GET /files?policy': s3Error(404, 'NoSuchBucketPolicy') }, 'BUCKET_CLOSED_TO_DISTRIBUTION'],
    [
      'no public access block',
      { 'GET /files?publicAccessBlock': s3Error(404, 'NoSuchPublicAccessBlockConfiguration') },
      'PUBLIC_ACCESS_NOT_BLOCKED',
    ],
    [
      'a public bucket',
      { 'GET /files?policyStatus': { body: '<PolicyStatus><IsPublic>true</IsPublic></PolicyStatus>' } },
      'BUCKET_PUBLIC',
    ],
    [
      'AWS’s own key',
      { 'GET /files?encryption': encryption('<SSEAlgorithm>aws:kms</SSEAlgorithm>') },
      'KMS_KEY_AWS_MANAGED',
    ],
    [
      'a customer’s key without the distribution',
      {
        'GET /files?encryption': encryption(
          '<SSEAlgorithm>aws:kms</SSEAlgorithm><KMSMasterKeyID>arn:aws:kms:eu-central-1:111122223333:key/1</KMSMasterKeyID>',
        ),
        GetKeyPolicy: { body: JSON.stringify({ Policy: JSON.stringify({ Statement: [] }) }) },
      },
      'KMS_KEY_CLOSED_TO_DISTRIBUTION',
    ],
    [
      'an origin access identity',
      {
        'GET /2020-05-31/distribution/E1': {
          body: DISTRIBUTION.replace('>EOAC<', '><').replace(
            '<OriginAccessIdentity>',
            '<OriginAccessIdentity>origin-access-identity/cloudfront/E9',
          ),
        },
      },
      'ORIGIN_ACCESS_IDENTITY',
    ],
  ])('finds %s', async (_what, change, code) => {
    expect(await diagnose(change as StandInAnswers)).toMatchObject({ code: 1, codes: [code] });
  });

  it('finds keys that the group does not have', async () => {
    expect(await diagnose({ GetParameter: keys('K2', 'K1') })).toMatchObject({ code: 1, codes: ['KEY_NOT_IN_GROUP'] });
  });

  it('says which operation is denied', async () => {
    const denied = { 'GET /files?policy': s3Error(403, 'AccessDenied') };
    expect((await diagnose(denied)).reasons).toEqual(['AccessDenied: no', 'AccessDenied: no', ...BLIND]);
    const noParameter = { GetParameter: { status: 400, body: JSON.stringify({ __type: 'ParameterNotFound' }) } };
    expect((await diagnose(noParameter)).reasons[0]).toMatch(/^ParameterNotFound/);
  });

  it.each([
    ['no public keys', {}, 'the stack has no parameter with its public keys'],
    ['those of two constructs', { A: keeper('/a'), B: keeper('/b') }, 'the stack has 2 parameters with public keys'],
  ])('says that the stack has %s', async (_what, resources, reason) => {
    expect((await diagnose({ GetTemplate: template(resources) })).reasons[0]).toContain(reason);
  });

  it('ends with 2 where there is no such stack, or it has no distribution', async () => {
    const noStack = { DescribeStacks: queryError('ValidationError', 'Stack with id Edgepass does not exist') };
    const first = await edgepassOnAws(['doctor'], { ...STACK, ...noStack });
    expect([first.code, first.stderr]).toEqual([
      2,
      expect.stringContaining('there is no stack Edgepass in eu-central-1'),
    ]);
    const second = await edgepassOnAws(['doctor'], { ...STACK, ListStackResources: resources('') });
    expect([second.code, second.stderr]).toEqual([2, expect.stringContaining('has no distributions')]);
  });

  it.each([
    [['--data-dir', 'x', '--region', 'eu-west-1'], "'--data-dir <DIR>' cannot be used with option '--region"],
    [['--max-key-age', '0'], 'give a number of days from 1 to 36500'],
    [['--public-path', 'a b'], 'is no path pattern'],
    [['--stak', 'Files'], "unknown option '--stak'"],
  ])('refuses %j, and does not call that a finding', async (args, words) => {
    const { code, stdout, stderr } = await edgepassOnAws(['doctor', ...args], {});
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining(words)]);
  });
});

describe('edgepass destroy', () => {
  const DESTROY: StandInAnswers = {
    ...STACK,
    GetTemplate: template({ Bucket: { DeletionPolicy: 'Retain' }, Distribution: {} }),
    DeleteStack: { body: '<DeleteStackResponse></DeleteStackResponse>' },
  };

  /** The stack's state before the deletion, and from then on. */
  function becoming(status: string): StandInAnswers {
    let asked = 0;
    return { DescribeStacks: () => stackIn(asked++ === 0 ? 'CREATE_COMPLETE' : status) };
  }

  it('tells what goes and what is kept, then deletes', async () => {
    const { code, stdout, stderr } = await edgepassOnAws(['destroy', '--force'], {
      ...DESTROY,
      ...becoming('DELETE_COMPLETE'),
    });
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^Edgepass, account 111122223333, region eu-central-1\n/);
    expect(stdout).toMatch(/goes:\n {2}AWS::CloudFront::Distribution E1[\s\S]*is kept:\n {2}AWS::S3::Bucket files/);
    expect(stdout).toMatch(/Edgepass is gone\n$/);
  });

  const QUESTION = 'Destroy Edgepass? Write its name to do it: ';
  it.skipIf(!hasScript)(
    'asks in a terminal, and destroys nothing without the name (skipped without script)',
    async () => {
      const asks = async (answer: string) => {
        const env = await environmentWith({ ...DESTROY, ...becoming('DELETE_COMPLETE') });
        const args = ['-qec', `"${process.execPath}" "${COMMAND}" destroy`, '/dev/null'];
        const terminal = spawn('script', args, { env, stdio: ['pipe', 'pipe', 'inherit'] });
        let stdout = '';
        terminal.stdout.on('data', (chunk) => {
          const wasAsked = stdout.includes(QUESTION);
          stdout += chunk;
          if (!wasAsked && stdout.includes(QUESTION)) terminal.stdin.write(`${answer}\n`);
        });
        const code = await new Promise((resolve) => terminal.on('close', resolve));
        return { code, stdout };
      };
      const refused = await asks('yes');
      expect([refused.code, refused.stdout]).toEqual([1, expect.stringContaining('edgepass: nothing was destroyed')]);
      const { code, stdout } = await asks('Edgepass');
      expect([code, stdout]).toEqual([0, expect.stringContaining('Edgepass is gone')]);
    },
  );

  it('prints JSON alone on stdout', async () => {
    const args = ['destroy', '--force', '--json'];
    const { stdout } = await edgepassOnAws(args, { ...DESTROY, ...becoming('DELETE_COMPLETE') });
    const kept = [{ type: 'AWS::S3::Bucket', physicalId: 'files', deletionPolicy: 'Retain' }];
    expect(JSON.parse(stdout)).toEqual({ stack: 'Edgepass', destroyed: true, kept });
  });

  it('names what could not be deleted', async () => {
    let listed = 0;
    const failed = resource(
      'Distribution',
      'AWS::CloudFront::Distribution',
      'E1',
      '<ResourceStatus>DELETE_FAILED</ResourceStatus><ResourceStatusReason>it is in use</ResourceStatusReason>',
    );
    const { code, stderr } = await edgepassOnAws(['destroy', '--force'], {
      ...DESTROY,
      ...becoming('DELETE_FAILED'),
      ListStackResources: () => resources(listed++ === 0 ? RESOURCES : failed),
    });
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining(
        'the stack is not gone (DELETE_FAILED): \n  AWS::CloudFront::Distribution E1: it is in use\n',
      ),
    ]);
  });

  it('says that there is no such stack', async () => {
    const noStack = { DescribeStacks: queryError('ValidationError', 'Stack with id Files does not exist') };
    const { code, stderr } = await edgepassOnAws(['destroy', '--force', '--stack', 'Files'], {
      ...DESTROY,
      ...noStack,
    });
    expect([code, stderr]).toEqual([1, expect.stringContaining('there is no stack Files in eu-central-1')]);
  });
});
