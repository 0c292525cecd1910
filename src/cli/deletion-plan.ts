/** A resource of a deployed stack. */
export interface DeployedResource {
  readonly type: string;
  readonly physicalId: string;
  /** As the template says it; CloudFormation's own default is `Delete`. */
  readonly deletionPolicy: string;
}

export interface DeletionPlan {
  readonly kept: readonly DeployedResource[];
  readonly text: string;
}

/** What losing a resource means, where its type does not say it. */
const MEANING: Readonly<Record<string, string>> = {
  'AWS::CloudFront::Distribution': 'every link that was handed out ends, for good: its domain name does not come back',
  'AWS::S3::Bucket': 'with every file in it',
  'AWS::ApiGateway::RestApi': 'its URL does not come back',
  'AWS::ApiGateway::ApiKey': 'callers need a new one',
  'AWS::Logs::LogGroup': 'with what was logged',
};

const KEPT_MEANING: Readonly<Record<string, string>> = {
  'AWS::S3::Bucket': 'with every file in it, and goes on costing what they cost; see below',
};

/** Types that nobody would miss by name. */
const isWorthNaming = (type: string): boolean => Object.hasOwn(MEANING, type) || type.startsWith('Custom::');

/** Tells what a stack's deletion deletes and what it keeps. Source: CloudFormation User Guide, "DeletionPolicy attribute". */
export function planDeletion(resources: readonly DeployedResource[]): DeletionPlan {
  const isKept = ({ deletionPolicy }: DeployedResource): boolean => /^Retain/.test(deletionPolicy);
  const kept = resources.filter(isKept);
  const gone = resources.filter((resource) => !isKept(resource));
  const named = gone.filter(({ type }) => isWorthNaming(type));
  const bucket = kept.find(({ type }) => type === 'AWS::S3::Bucket');
  return {
    kept,
    text: [
      'goes:',
      ...named.map((one) => line(one, MEANING)),
      `  and ${gone.length - named.length} more: functions, roles, policies and the like`,
      'is kept:',
      ...(kept.length === 0 ? ['  nothing'] : kept.map((one) => line(one, KEPT_MEANING))),
      ...(bucket
        ? [
            '',
            'To delete a kept bucket as well, afterwards: empty it in the console ("Empty" removes old versions too), then',
            `  aws s3api delete-bucket --bucket ${bucket.physicalId}`,
          ]
        : []),
    ].join('\n'),
  };
}

const line = ({ type, physicalId }: DeployedResource, meanings: Readonly<Record<string, string>>): string =>
  `  ${type} ${physicalId}${meanings[type] ? `: ${meanings[type]}` : ''}`;
