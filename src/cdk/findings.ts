import { type Stack, Validations } from 'aws-cdk-lib';

/** cdk-nag's AwsSolutions findings that the ready-made stack leaves as they are, each with its reason. */
const ACKNOWLEDGED: Readonly<Record<string, string>> = {
  S1: 'Server access logs need a bucket and a retention that the owner has to choose; the stack brings no second bucket yet.',
  CFR1: 'Who may read is decided by the signature; a country list is the owner’s to add.',
  CFR2: 'A web ACL costs money every month; a request without a valid signature already ends at the edge.',
  CFR3: 'Access logs would hold signed URLs, and need a bucket and a retention that the owner has to choose.',
  CFR4: 'The minimum TLS version of the cloudfront.net certificate is fixed by AWS; it can be raised only with a domain name of one’s own.',
  APIG1:
    'API Gateway’s access logs need a CloudWatch role that is shared by the whole account and region; the stack does not set it.',
  APIG2: 'The functions validate, for their answers name the field and say what to do, which API Gateway’s do not.',
  APIG3: 'A web ACL costs money every month; API keys, the usage plan and its throttle guard the API.',
  APIG4: 'Every method but the CORS preflight requires an API key of the usage plan.',
  APIG6:
    'Execution logs need a CloudWatch role that is shared by the whole account and region; the functions log by themselves.',
  COG4: 'Callers are programs that hold an API key, not users of a Cognito pool.',
};

export function acknowledgeFindings(stack: Stack): void {
  for (const [rule, reason] of Object.entries(ACKNOWLEDGED)) {
    Validations.of(stack).acknowledge({ id: `AwsSolutions::AwsSolutions-${rule}`, reason });
  }
}
