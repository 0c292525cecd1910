import { App, CfnOutput, Duration, Size, Stack } from 'aws-cdk-lib';
import { ApiAuth, PrivateContent } from 'edgepass/cdk';

class TeamFilesStack extends Stack {
  constructor(scope, id, props) {
    super(scope, id, props);

    const { apiUrl, domainName } = new PrivateContent(this, 'Content', {
      // Whoever your issuer gives a token to; its claim `scope` says what for, such as "list:team/ sign:team/ upload:team/".
      auth: ApiAuth.jwt({ issuer: 'https://login.example.com', audience: 'files' }),
      maxLifetime: Duration.hours(1),
      defaultLifetime: Duration.minutes(10),
      uploads: { maxSize: Size.gibibytes(1), prefix: 'team/' },
      corsAllowedOrigins: ['https://app.example.com'],
    });

    new CfnOutput(this, 'ApiUrl', { value: apiUrl });
    new CfnOutput(this, 'DomainName', { value: domainName });
  }
}

new TeamFilesStack(new App(), 'TeamFiles');
