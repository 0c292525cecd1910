import { Stack, Token } from 'aws-cdk-lib';
import { Distribution, type IDistribution } from 'aws-cdk-lib/aws-cloudfront';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct, type IConstruct } from 'constructs';
import { PropertyError } from './base/property-error';

/** Private content, of this stack or of one that is deployed. */
export interface IPrivateContent extends IConstruct {
  readonly bucket: IBucket;
  readonly distribution: IDistribution;

  /** What links begin with, without `https://`. */
  readonly domainName: string;

  /** The parameter in Parameter Store with the private key that signs, and above it the public key ID that links name. */
  readonly signingKeyParameterName: string;

  /** Where the API is, with a slash at its end. */
  readonly apiUrl: string;

  /** Lets the grantee sign links by itself: read the private key, nothing else. What it signs no scope and no `maxLifetime` bounds. */
  grantSign(grantee: IGrantable): Grant;

  /** Lets the grantee list the keys of the objects, not read them. */
  grantList(grantee: IGrantable): Grant;
}

export interface PrivateContentAttributes {
  /** Where the objects are, such as `Bucket.fromBucketName(…)`. */
  readonly bucket: IBucket;

  readonly distributionId: string;

  /** The distribution's own name, such as d111111abcdef8.cloudfront.net. */
  readonly distributionDomainName: string;

  /**
   * What links begin with.
   *
   * @default - `distributionDomainName`
   */
  readonly domainName?: string;

  /** `signingKeyParameterName` of the `PrivateContent`, with its slash at the beginning; of this account and region. */
  readonly signingKeyParameterName: string;

  /**
   * The KMS key that encrypts that parameter.
   *
   * @default - `aws/ssm`, the account's own
   */
  readonly signingKeyEncryptionKey?: IKey;

  /** `apiUrl` of the `PrivateContent`. */
  readonly apiUrl: string;
}

export class ImportedContent extends Construct implements IPrivateContent {
  readonly bucket: IBucket;
  readonly distribution: IDistribution;
  readonly domainName: string;
  readonly signingKeyParameterName: string;
  readonly apiUrl: string;
  private readonly signingKeyEncryptionKey: IKey | undefined;

  constructor(scope: Construct, id: string, attrs: PrivateContentAttributes) {
    super(scope, id);
    const { signingKeyParameterName } = attrs;
    if (!Token.isUnresolved(signingKeyParameterName) && !signingKeyParameterName.startsWith('/'))
      throw new PropertyError('signingKeyParameterName', 'begins with a slash, as Parameter Store has it');
    const { bucket, distributionId, distributionDomainName, domainName = distributionDomainName } = attrs;
    this.bucket = bucket;
    this.distribution = Distribution.fromDistributionAttributes(this, 'Distribution', {
      distributionId,
      domainName: distributionDomainName,
    });
    this.domainName = domainName;
    this.signingKeyParameterName = signingKeyParameterName;
    this.signingKeyEncryptionKey = attrs.signingKeyEncryptionKey;
    this.apiUrl = attrs.apiUrl;
  }

  grantSign(grantee: IGrantable): Grant {
    const parameter = Stack.of(this).formatArn({
      service: 'ssm',
      resource: 'parameter',
      resourceName: this.signingKeyParameterName.slice(1),
    });
    const grant = grantSign(grantee, parameter);
    return this.signingKeyEncryptionKey ? grant.combine(this.signingKeyEncryptionKey.grantDecrypt(grantee)) : grant;
  }

  grantList(grantee: IGrantable): Grant {
    return grantList(grantee, this.bucket);
  }
}

const grantSign = (grantee: IGrantable, parameterArn: string): Grant =>
  Grant.addToPrincipal({ grantee, actions: ['ssm:GetParameter'], resourceArns: [parameterArn] });

export const grantList = (grantee: IGrantable, { bucketArn }: IBucket): Grant =>
  Grant.addToPrincipal({ grantee, actions: ['s3:ListBucket'], resourceArns: [bucketArn] });
