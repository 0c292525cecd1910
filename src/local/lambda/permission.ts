import { Properties, type PropertyTable } from '../cloudformation/properties';
import type { ResourceRequest } from '../cloudformation/resource-type';
import { isArnLike } from './arn-like';

/** One statement of a function's resource policy. */
export interface Permission {
  readonly action: string;
  readonly principal: string;
  readonly sourceArn: string | undefined;
  readonly sourceAccount: string | undefined;
}

/** A service that asks to invoke a function. */
export interface ServiceCaller {
  /** `apigateway.amazonaws.com` */
  readonly principal: string;
  /** What it asks for: `arn:aws:execute-api:…:API/STAGE/METHOD/PATH` */
  readonly sourceArn: string;
}

/** A service, which the function's resource policy has to let in; CloudFormation at its work; or whom an identity policy has let in. */
export type Invoker = ServiceCaller | 'cloudformation' | 'iam';

/** Source: AWS::Lambda::Permission, "Properties". */
const PERMISSION: PropertyTable = {
  Action: 'used',
  EventSourceToken: { notImplemented: 'Alexa skills' },
  FunctionName: 'used',
  FunctionUrlAuthType: { notImplemented: 'function URLs' },
  InvokedViaFunctionUrl: { notImplemented: 'function URLs' },
  Principal: 'used',
  PrincipalOrgID: { notImplemented: 'organizations' },
  SourceAccount: 'used',
  SourceArn: 'used',
};

const INVOKING_ACTIONS: readonly string[] = ['lambda:InvokeFunction', 'lambda:*', '*'];

/** Source: CloudFront Developer Guide, "Set up IAM permissions and roles for Lambda@Edge". */
const EDGE_PRINCIPALS: readonly string[] = ['edgelambda.amazonaws.com', 'replicator.lambda.amazonaws.com'];

export function readPermission({ logicalId, properties }: ResourceRequest): Permission & { functionName: string } {
  const props = new Properties(`${logicalId} (AWS::Lambda::Permission)`, properties, PERMISSION);
  const principal = props.text('Principal');
  if (EDGE_PRINCIPALS.includes(principal)) props.notImplemented(`Principal ${principal} (Lambda@Edge)`);
  return {
    functionName: props.text('FunctionName'),
    action: props.text('Action'),
    principal,
    sourceArn: props.optionalText('SourceArn'),
    sourceAccount: props.optionalText('SourceAccount'),
  };
}

export function mayInvoke(permissions: Iterable<Permission>, caller: ServiceCaller): boolean {
  return [...permissions].some(
    ({ action, principal, sourceArn, sourceAccount }) =>
      INVOKING_ACTIONS.includes(action) &&
      (principal === caller.principal || principal === '*') &&
      (sourceArn === undefined || isArnLike(caller.sourceArn, sourceArn)) &&
      (sourceAccount === undefined || sourceAccount === caller.sourceArn.split(':')[4]),
  );
}
