import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { SigningKey } from '../keys/signing-key';
import type { ApiSettings } from './api-settings';

/** The parts of the stack that the functions of the API are about. */
export interface FunctionInputs {
  readonly bucket: IBucket;
  /** The beginning of links. */
  readonly domainName: string;
  readonly signingKey: SigningKey;
  readonly settings: ApiSettings;
}
