import { type CfnElement, type Stack, Validations } from 'aws-cdk-lib';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { IDEMPOTENCY_PREFIX } from './api/uploads';
import type { SiteAssets } from './site/site';
import { SITE_SEGMENT } from './site/site-files';

/** cdk-nag's AwsSolutions findings that the ready-made stack leaves as they are, each with its reason. */
const ACKNOWLEDGED: Readonly<Record<string, string>> = {
  S1: 'Server access logs cost money and hold who asked for what: the owner turns them on, with `logs` of PrivateContent. The functions log every grant; the bucket of the site holds what everybody may read.',
  CFR1: 'Who may read is decided by the signature; a country list is the owner’s to add.',
  CFR2: 'A web ACL costs money every month, and the owner gives one, with `webAclId` or `managedWebAcl`; a request without a valid signature already ends at the edge.',
  CFR3: 'The distribution’s own logs (legacy) would hold signed URLs. `logs` of PrivateContent turns on standard logs (v2), without them, which are no property of the distribution.',
  CFR4: 'The minimum TLS version of the cloudfront.net certificate is fixed by AWS; it can be raised only with a domain name of one’s own.',
  APIG1:
    'API Gateway’s access logs need a CloudWatch role that is shared by the whole account and region: the owner turns them on, with `logs` of PrivateContent.',
  APIG2: 'The functions validate, for their answers name the field and say what to do, which API Gateway’s do not.',
  APIG3: 'A web ACL costs money every month; API keys, the usage plan and its throttle guard the API.',
  APIG4:
    'Every method requires an API key of the usage plan, but the CORS preflights and GET /openapi.json and GET /health, which say nothing that is private.',
  APIG6:
    'Execution logs need a CloudWatch role that is shared by the whole account and region; the functions log by themselves.',
  COG4: 'Callers are programs that hold an API key, not users of a Cognito pool.',
};

/** Wildcards in privileges, by what follows the bucket's ARN. */
const WILDCARDS: Readonly<Record<string, string>> = {
  '/*': 'Which objects are read and written is decided by callers, within their scopes; the bucket holds nothing else.',
  [`/${IDEMPOTENCY_PREFIX}*`]: 'The objects below are named by digests of what callers send.',
};

const KEYS_HAVE_NO_ARN =
  'The function that keeps the signing keys calls CloudFront for public keys and key groups, which have no ARN: IAM takes * only.';

export function acknowledgeFindings(stack: Stack, bucket: IBucket, site: SiteAssets | undefined): void {
  const acknowledge = (rule: string, reason: string): void =>
    withoutStackTrace(() => Validations.of(stack).acknowledge({ id: `AwsSolutions::AwsSolutions-${rule}`, reason }));
  for (const [rule, reason] of Object.entries(ACKNOWLEDGED)) acknowledge(rule, reason);
  acknowledge('IAM5[Resource::*]', KEYS_HAVE_NO_ARN);
  const acknowledgeWildcard = ({ node }: IBucket, path: string, reason: string): void =>
    acknowledge(`IAM5[Resource::<${stack.getLogicalId(node.defaultChild as CfnElement)}.Arn>${path}]`, reason);
  for (const [path, reason] of Object.entries(WILDCARDS)) acknowledgeWildcard(bucket, path, reason);
  if (site)
    acknowledgeWildcard(
      site.bucket,
      `/${SITE_SEGMENT}/*`,
      'The bucket holds the site’s files alone, whichever they are.',
    );
}

/** Keeps paths of this machine out of the assembly: the CDK records where a finding was acknowledged. */
function withoutStackTrace(work: () => void): void {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    work();
  } finally {
    Error.stackTraceLimit = limit;
  }
}
