import type { PolicyDocument } from '../../local/iam/policy-document';
import type { Bucket, DeployedSystem, Distribution, PublicAccessBlock } from './deployed-system';
import type { Check, Finding } from './finding';
import { observed } from './observation';
import { allowedToCloudFront, isFor, sourceArnsOf } from './statements';

/** A check of each bucket by itself. */
const forEachBucket =
  (look: (bucket: Bucket, distribution: Distribution) => readonly Finding[]): Check['run'] =>
  ({ buckets, distribution }: DeployedSystem) =>
    observed(buckets).flatMap((bucket) => look(bucket, observed(distribution)));

export const BUCKET_CHECKS: readonly Check[] = [
  {
    title: 'no bucket is public',
    run: forEachBucket(({ name, isPublic }) =>
      observed(isPublic)
        ? [
            {
              code: 'BUCKET_PUBLIC',
              severity: 'error',
              what: `the policy of the bucket ${name} lets anybody in, without a link`,
              fix: `take the statement out of the policy, and: ${blockCommand(name)}`,
            },
          ]
        : [],
    ),
  },
  { title: 'every bucket blocks public access', run: forEachBucket(publicAccessBlock) },
  { title: 'the bucket policies let this distribution in, and it alone', run: forEachBucket(bucketPolicy) },
  { title: 'a signed link to "/" lists nothing', run: forEachBucket(listing) },
  { title: 'CloudFront may decrypt, for this distribution alone', run: forEachBucket(encryption) },
];

const blockCommand = (bucket: string): string =>
  `aws s3api put-public-access-block --bucket ${bucket} --public-access-block-configuration ` +
  'BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true';

function publicAccessBlock({ name, publicAccessBlock: look }: Bucket): Finding[] {
  const settings: PublicAccessBlock = observed(look);
  const off = Object.entries(settings).flatMap(([setting, isOn]) => (isOn ? [] : [setting]));
  if (off.length === 0) return [];
  return [
    {
      code: 'PUBLIC_ACCESS_NOT_BLOCKED',
      severity: 'warning',
      what: `the bucket ${name} does not block public access (${off.join(', ')}): unless the account does, one wrong policy or ACL opens it`,
      fix: blockCommand(name),
    },
  ];
}

const condition = (arn: string): string => `"Condition": {"StringEquals": {"AWS:SourceArn": "${arn}"}}`;

function bucketPolicy({ name, policy }: Bucket, { arn, id, origins }: Distribution): Finding[] {
  // Its policy lets in the identity, a principal of its own, which is a finding already.
  if (origins.some(({ bucket, originAccessIdentity }) => bucket === name && originAccessIdentity)) return [];
  const subject = { thing: `the policy of the bucket ${name}`, action: 's3:GetObject', can: 'read the files' };
  const codes = { none: 'BUCKET_CLOSED_TO_DISTRIBUTION', open: 'BUCKET_OPEN_TO_OTHER_DISTRIBUTIONS' };
  return grant(observed(policy), { ...subject, ...codes, arn, id });
}

function encryption({ name, encryption: look }: Bucket, { arn, id }: Distribution): Finding[] {
  const how = observed(look);
  if (how.by === 'S3') return [];
  if (how.by === 'AWS managed key')
    return [
      {
        code: 'KMS_KEY_AWS_MANAGED',
        severity: 'error',
        what: `the bucket ${name} is encrypted with aws/s3, a key that CloudFront cannot be let use: links to its files end in 403`,
        fix: 'encryption: BucketEncryption.S3_MANAGED, or a key of your own: encryptionKey: new Key(…)',
      },
    ];
  const subject = { thing: `the policy of the key ${how.keyId}`, action: 'kms:Decrypt', can: 'decrypt the files' };
  const codes = { none: 'KMS_KEY_CLOSED_TO_DISTRIBUTION', open: 'KMS_KEY_OPEN_TO_OTHER_DISTRIBUTIONS' };
  return grant(observed(how.policy), { ...subject, ...codes, arn, id });
}

interface Grant {
  readonly thing: string;
  readonly action: string;
  readonly can: string;
  /** The finding's code where the distribution is not let in; where others are. */
  readonly none: string;
  readonly open: string;
  readonly arn: string;
  readonly id: string;
}

/** Source: CloudFront Developer Guide, "Restrict access to an Amazon S3 origin": the statements for the bucket and for the key. */
function grant(policy: PolicyDocument | undefined, { thing, action, can, none, open, arn, id }: Grant): Finding[] {
  const statements = allowedToCloudFront(policy, action);
  if (!statements.some((statement) => isFor(statement, arn))) {
    const others = statements.flatMap((statement) => sourceArnsOf(statement) ?? []);
    const instead = others.length > 0 ? `; it lets in ${others.join(', ')}` : '';
    return [
      {
        code: none,
        severity: 'error',
        what: `${thing} does not let the distribution ${id} ${can}, so that every link ends in 403${instead}`,
        fix: `allow ${action} to the service cloudfront.amazonaws.com with ${condition(arn)}`,
      },
    ];
  }
  const tooWide = statements.some((statement) => {
    const arns = sourceArnsOf(statement);
    return arns === undefined || arns.some((pattern) => /[*?]/.test(pattern));
  });
  if (!tooWide) return [];
  return [
    {
      code: open,
      severity: 'warning',
      what: `${thing} lets other distributions than ${id} ${can}: its AWS:SourceArn is missing or a wildcard`,
      fix: `in the statement for cloudfront.amazonaws.com: ${condition(arn)}`,
    },
  ];
}

function listing({ name, policy }: Bucket, { arn, defaultRootObject, origins, behaviors }: Distribution): Finding[] {
  // "/" falls under the default behavior.
  if (origins.find(({ id }) => id === behaviors.at(-1)?.originId)?.bucket !== name) return [];
  const mayList = allowedToCloudFront(observed(policy), 's3:ListBucket').some((statement) => isFor(statement, arn));
  if (!mayList || defaultRootObject) return [];
  return [
    {
      code: 'LISTING_AT_ROOT',
      severity: 'warning',
      what: `CloudFront may list the bucket ${name}, and the distribution has no default root object: a signed link to "/" shows the names of all files`,
      fix: "take s3:ListBucket out of the bucket policy, or: defaultRootObject: 'index.html'",
    },
  ];
}
