import { Names, Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** A region's name, and the hyphen before it. */
const ROOM_FOR_REGION = 18;

/**
 * For what CloudFront names once in the account: the same stack in a second region finds the CDK's own name taken (aws-cdk #34336), but for a cache
 * policy's, which ends like this.
 *
 * @param maxLength CloudFront's longest.
 */
export function globalName(construct: IConstruct, maxLength: number): string {
  const name = Names.uniqueResourceName(construct, { maxLength: maxLength - ROOM_FOR_REGION });
  return `${name}-${Stack.of(construct).region}`;
}
