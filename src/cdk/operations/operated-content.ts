import type { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { LinkApi } from '../api/link-api';
import type { SigningKey } from '../keys/signing-key';

/** What is operated: the parts of a `PrivateContent`. */
export interface OperatedContent {
  readonly bucket: IBucket;
  readonly distribution: Distribution;
  readonly signingKey: SigningKey;
  readonly api: LinkApi;
}
