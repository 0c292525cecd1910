import { describe, expect, test } from 'vitest';
import { planDeletion } from './deletion-plan';

const RESOURCES = [
  { type: 'AWS::S3::Bucket', physicalId: 'edgepass-bucket', deletionPolicy: 'Retain' },
  { type: 'AWS::CloudFront::Distribution', physicalId: 'E1', deletionPolicy: 'Delete' },
  { type: 'AWS::IAM::Role', physicalId: 'role', deletionPolicy: 'Delete' },
];

describe('the plan of a deletion', () => {
  test('tells what a deletion takes, what it keeps, and how to get rid of that', () => {
    const { kept, text } = planDeletion(RESOURCES);
    expect(kept.map(({ physicalId }) => physicalId)).toEqual(['edgepass-bucket']);
    expect(text).toBe(`goes:
  AWS::CloudFront::Distribution E1: every link that was handed out ends, for good: its domain name does not come back
  and 1 more: functions, roles, policies and the like
is kept:
  AWS::S3::Bucket edgepass-bucket: with every file in it, and goes on costing what they cost; see below

To delete a kept bucket as well, afterwards: empty it in the console ("Empty" removes old versions too), then
  aws s3api delete-bucket --bucket edgepass-bucket`);
  });

  test('says that a bucket which is not retained goes with its files', () => {
    const { kept, text } = planDeletion([{ type: 'AWS::S3::Bucket', physicalId: 'b', deletionPolicy: 'Delete' }]);
    expect([kept, text]).toEqual([[], expect.stringContaining('AWS::S3::Bucket b: with every file in it\n')]);
    expect(text).toMatch(/is kept:\n {2}nothing$/);
  });
});
