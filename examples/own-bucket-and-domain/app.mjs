import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { Certificate, CertificateValidation } from 'aws-cdk-lib/aws-certificatemanager';
import { GeoRestriction, PriceClass, ResponseHeadersPolicy } from 'aws-cdk-lib/aws-cloudfront';
import { Key } from 'aws-cdk-lib/aws-kms';
import { ARecord, HostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { CloudFrontTarget } from 'aws-cdk-lib/aws-route53-targets';
import { BlockPublicAccess, Bucket } from 'aws-cdk-lib/aws-s3';
import { PrivateContent } from 'edgepass/cdk';

const DOMAIN_NAME = 'files.example.com';

class FilesStack extends Stack {
  constructor(scope, id, props) {
    super(scope, id, props);

    const bucket = new Bucket(this, 'Files', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      versioned: true,
      encryptionKey: new Key(this, 'Key', { enableKeyRotation: true }),
      bucketKeyEnabled: true,
    });
    const zone = HostedZone.fromHostedZoneAttributes(this, 'Zone', {
      hostedZoneId: 'Z0123456789ABCDEFGHIJ',
      zoneName: 'example.com',
    });

    const { distribution, domainName } = new PrivateContent(this, 'Content', {
      bucket,
      domainNames: [DOMAIN_NAME],
      certificate: new Certificate(this, 'Certificate', {
        domainName: DOMAIN_NAME,
        validation: CertificateValidation.fromDns(zone),
      }),
      priceClass: PriceClass.PRICE_CLASS_100,
      geoRestriction: GeoRestriction.allowlist('AT', 'CH', 'DE', 'LI'),
      responseHeaders: ResponseHeadersPolicy.SECURITY_HEADERS,
      publicPaths: ['public/*'],
      uploads: { prefix: 'inbox/' },
    });

    new ARecord(this, 'Record', {
      zone,
      recordName: DOMAIN_NAME,
      target: RecordTarget.fromAlias(new CloudFrontTarget(distribution)),
    });
    new CfnOutput(this, 'Site', { value: `https://${domainName}/` });
  }
}

// CloudFront takes certificates of us-east-1; bucket and certificate are in one stack here, so the stack is there.
new FilesStack(new App(), 'Files', { env: { region: 'us-east-1' } });
