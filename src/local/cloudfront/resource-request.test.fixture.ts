import { expect } from 'vitest';
import type { ResourceRequest, StackIdentity } from '../cloudformation/resource-type';

export const STACK: StackIdentity = {
  stackName: 'Edgepass',
  stackId: 'arn:aws:cloudformation:us-east-1:123456789012:stack/Edgepass/1',
  region: 'us-east-1',
  accountId: '123456789012',
  partition: 'aws',
  urlSuffix: 'amazonaws.com',
};

/** What CloudFormation hands to a resource type for one with these properties. */
export const requestOf = (properties: Record<string, unknown>): ResourceRequest => ({
  logicalId: 'Policy',
  properties,
  stack: STACK,
});

export type Refusal = 'ERR_INVALID_PROPERTY' | 'ERR_NOT_IMPLEMENTED' | 'ERR_UNKNOWN_PROPERTY';

/** Matches the error that refuses a property, by its code and something it says. */
export const refusal = (code: Refusal, named: string): Error =>
  expect.objectContaining({ code, message: expect.stringContaining(named) }) as Error;
