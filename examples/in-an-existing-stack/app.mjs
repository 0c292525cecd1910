import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { BlockPublicAccess, Bucket } from 'aws-cdk-lib/aws-s3';
import { ApiAuth, PrivateContent } from 'edgepass/cdk';

class ReportsStack extends Stack {
  constructor(scope, id, props) {
    super(scope, id, props);

    // What has been there all along: a bucket of reports, and a function that works with it.
    const reports = new Bucket(this, 'Reports', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      versioned: true,
    });
    const mailer = new LambdaFunction(this, 'Mailer', {
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: Code.fromAsset(`${import.meta.dirname}/mailer`),
    });

    // What is new: the reports by links that last, and an API that signs them, for who has its API key.
    const content = new PrivateContent(this, 'Content', {
      bucket: reports,
      auth: ApiAuth.apiKey({ scopes: [{ action: 'list' }, { action: 'sign', maxLifetime: Duration.days(3) }] }),
      defaultLifetime: Duration.days(1),
    });
    content.grantList(mailer);
    mailer.addEnvironment('REPORTS_BUCKET', content.bucket.bucketName);

    new CfnOutput(this, 'ApiUrl', { value: content.apiUrl });
  }
}

new ReportsStack(new App(), 'Reports');
