import { join } from 'node:path';
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { acknowledgeFindings } from './nag-acknowledgements';
import { PrivateContent } from './private-content';

/** Built with the package. */
const WEB_PAGE = join(__dirname, '..', 'web');

/** The ready-made stack: one `PrivateContent` that takes uploads and has a web page, and the outputs that its users need. */
export class EdgepassStack extends Stack {
  readonly privateContent: PrivateContent;

  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    // No deletes: an API key that leaks should remove nothing, and what an upload overwrites is kept as a version.
    this.privateContent = new PrivateContent(this, 'PrivateContent', { uploads: {}, site: WEB_PAGE });
    const { bucket, distribution, signingKey, api, site } = this.privateContent;
    this.output('BucketName', bucket.bucketName, 'Where to put the files');
    this.output('RestApiUrl', api.restApi.url, 'The API: GET openapi.json lists its calls');
    this.output('DistributionDomainName', distribution.distributionDomainName, 'What signed URLs begin with');
    this.output('SiteUrl', `https://${distribution.distributionDomainName}/_app/`, 'The web page, for everybody');
    this.output(
      'KeyPairId',
      signingKey.keyPairId,
      'The public key ID that signed when a deployment last changed the keys',
    );
    this.output('SigningKeyParameter', signingKey.parameterName, 'The SecureString with the private key');
    this.output(
      'KeysFunction',
      signingKey.rotationFunction.function.functionName,
      'What "edgepass keys" asks to rotate the key',
    );
    if (api.apiKey) {
      const command = 'aws apigateway get-api-key --include-value --api-key ID';
      this.output('ApiKeyId', api.apiKey.keyId, `${command} prints its value`);
    }
    acknowledgeFindings(this, bucket, site);
  }

  private output(id: string, value: string, description: string): void {
    new CfnOutput(this, id, { value, description });
  }
}
