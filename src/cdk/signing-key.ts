import { CustomResource, Fn, Stack } from 'aws-cdk-lib';
import { PublicKey } from 'aws-cdk-lib/aws-cloudfront';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { PrivilegedFunction } from './privileged-function';

/**
 * `AWS::CloudFront::PublicKey` cannot be updated in place (aws-cdk #15301): another key needs another logical id and another
 * parameter, so both carry the generation.
 */
const GENERATION = 1;

/**
 * The key pair that signs: the private key a SecureString in Parameter Store, the public key a CloudFront public key.
 * A custom resource makes the pair inside the account, for CloudFormation cannot create a SecureString
 * (source: AWS::SSM::Parameter, "Type").
 */
export class SigningKey extends Construct {
  /** The SecureString with the private key. */
  readonly parameterName: string;
  readonly publicKey: PublicKey;
  /** `{"PUBLIC KEY ID": "-----BEGIN PUBLIC KEY-----…"}`, in JSON: every public key whose signatures the key group takes. */
  readonly publicKeysJson: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.parameterName = `/edgepass/${Stack.of(this).stackName}/signing-key/${GENERATION}`;
    const maker = new PrivilegedFunction(this, 'Maker', {
      bundle: 'key-pair',
      description: 'Makes the signing key pair and keeps the private key in Parameter Store',
      environment: {},
      statements: [this.may('ssm:PutParameter', 'ssm:GetParameter', 'ssm:DeleteParameter')],
    });
    const pair = new CustomResource(this, `KeyPair${GENERATION}`, {
      resourceType: 'Custom::EdgepassKeyPair',
      serviceToken: maker.function.functionArn,
      properties: { ParameterName: this.parameterName },
    });
    // A deletion needs the role's policy as long as the key pair exists.
    pair.node.addDependency(maker.role);
    const encodedKey = pair.getAttString('PublicKey');
    this.publicKey = new PublicKey(this, `PublicKey${GENERATION}`, {
      encodedKey,
      comment: `edgepass ${Stack.of(this).stackName}`,
    });
    // CloudFormation escapes nothing; line breaks are all that JSON would not have as they are in a PEM.
    const escaped = Fn.join('\\n', Fn.split('\n', encodedKey));
    this.publicKeysJson = Fn.join('', ['{"', this.publicKey.publicKeyId, '":"', escaped, '"}']);
  }

  /** Lets the grantee sign: read this one parameter, nothing else. */
  grantRead(grantee: IGrantable): void {
    grantee.grantPrincipal.addToPrincipalPolicy(this.may('ssm:GetParameter'));
  }

  /** A statement about this parameter. `aws/ssm`, the key that encrypts it, needs no grant of its own inside the account. */
  may(...actions: string[]): PolicyStatement {
    const resource = Stack.of(this).formatArn({
      service: 'ssm',
      resource: 'parameter',
      resourceName: this.parameterName.slice(1),
    });
    return new PolicyStatement({ actions, resources: [resource] });
  }
}
