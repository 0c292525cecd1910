import { Names, Token } from 'aws-cdk-lib';
import type { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import type { Construct } from 'constructs';
import { requireCloudFrontRegion } from '../base/cloudfront-region';
import { PropertyError } from '../base/property-error';

export interface WebAclProps {
  /**
   * The ARN of a web ACL of AWS WAF, scope `CLOUDFRONT`, that the distribution's requests pass.
   *
   * @default - no web ACL
   */
  readonly webAclId?: string;

  /**
   * Makes a web ACL for the distribution: AWS's lists of bad addresses and of known bad inputs, and a limit of requests an address. `{}` for the
   * defaults. It costs money every month and for every request.
   *
   * @default - no web ACL
   */
  readonly managedWebAcl?: ManagedWebAclProps;
}

export interface ManagedWebAclProps {
  /**
   * How many requests an IP address may send in five minutes, from 10 to 2,000,000,000. Everybody in an office is one address, and every piece of a
   * video is a request.
   *
   * @default 10,000
   */
  readonly rateLimit?: number;
}

/** Source: AWS WAF API Reference, RateBasedStatement. */
const [LOWEST_RATE, HIGHEST_RATE] = [10, 2_000_000_000];

/**
 * In the order they are asked. Not AWSManagedRulesCommonRuleSet: its `SizeRestrictions_QUERYSTRING` blocks a query over 2,048 bytes, which a link with a
 * custom policy can have. Source: AWS WAF Developer Guide, "Baseline rule groups".
 */
const RULE_GROUPS = ['AWSManagedRulesAmazonIpReputationList', 'AWSManagedRulesKnownBadInputsRuleSet'];

/** @throws PropertyError for the first property that cannot be. */
export function attachWebAcl(scope: Construct, distribution: Distribution, props: WebAclProps): void {
  const { webAclId, managedWebAcl } = props;
  if (webAclId !== undefined && managedWebAcl)
    throw new PropertyError('webAclId', 'and managedWebAcl are both given: a distribution has one web ACL');
  if (webAclId !== undefined) checkWebAclId(webAclId);
  const id = managedWebAcl ? createWebAcl(scope, managedWebAcl).attrArn : webAclId;
  if (id !== undefined) distribution.attachWebAclId(id);
}

function checkWebAclId(id: string): void {
  if (Token.isUnresolved(id) || /^arn:[\w-]+:wafv2:us-east-1:\d{12}:global\/webacl\/[^/]+\/[^/]+$/.test(id)) return;
  throw new PropertyError(
    'webAclId',
    `is ${JSON.stringify(id)}: give the ARN of a web ACL with the scope CLOUDFRONT, arn:aws:wafv2:us-east-1:ACCOUNT:global/webacl/NAME/ID`,
  );
}

function createWebAcl(scope: Construct, { rateLimit = 10_000 }: ManagedWebAclProps): CfnWebACL {
  requireCloudFrontRegion(scope, 'managedWebAcl', 'make the web ACL in a stack there and give its ARN as webAclId');
  if (!Token.isUnresolved(rateLimit) && !(Number.isSafeInteger(rateLimit) && isWithin(rateLimit)))
    throw new PropertyError(
      'managedWebAcl.rateLimit',
      `is ${rateLimit}: give a whole number from ${LOWEST_RATE} to ${HIGHEST_RATE}`,
    );
  const groups = RULE_GROUPS.map(
    (name, priority): CfnWebACL.RuleProperty => ({
      name,
      priority,
      statement: { managedRuleGroupStatement: { vendorName: 'AWS', name } },
      overrideAction: { none: {} },
      visibilityConfig: visibility(name),
    }),
  );
  const rate: CfnWebACL.RuleProperty = {
    name: 'RateLimit',
    priority: groups.length,
    statement: { rateBasedStatement: { limit: rateLimit, aggregateKeyType: 'IP' } },
    action: { block: {} },
    visibilityConfig: visibility('RateLimit'),
  };
  return new CfnWebACL(scope, 'WebAcl', {
    name: Names.uniqueResourceName(scope, { maxLength: 128, separator: '-' }),
    scope: 'CLOUDFRONT',
    defaultAction: { allow: {} },
    rules: [...groups, rate],
    visibilityConfig: visibility('WebAcl'),
  });
}

const isWithin = (rate: number): boolean => rate >= LOWEST_RATE && rate <= HIGHEST_RATE;

const visibility = (metricName: string): CfnWebACL.VisibilityConfigProperty => ({
  metricName,
  cloudWatchMetricsEnabled: true,
  // A sample shows the headers of a request, and with the cookies their signature.
  sampledRequestsEnabled: false,
});
