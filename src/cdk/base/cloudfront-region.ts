import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { PropertyError } from './property-error';

/** Where CloudFront's metrics, log deliveries and web ACLs are, wherever the stack is. */
export const CLOUDFRONT_REGION = 'us-east-1';

/**
 * For what CloudFront has in one region alone. A stack that does not say its region is taken: what it makes is there, or the deployment says so.
 *
 * @throws PropertyError in a stack in another region.
 */
export function requireCloudFrontRegion(scope: Construct, property: string, fix: string): void {
  const { region } = Stack.of(scope);
  if (Token.isUnresolved(region) || region === CLOUDFRONT_REGION) return;
  throw new PropertyError(
    property,
    `cannot be in ${region}, for CloudFront has it in ${CLOUDFRONT_REGION} alone: deploy the stack there, or ${fix}`,
  );
}
