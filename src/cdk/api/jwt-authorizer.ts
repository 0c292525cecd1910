import { Duration } from 'aws-cdk-lib';
import { IdentitySource, RequestAuthorizer } from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import { PrivilegedFunction } from '../base/privileged-function';
import type { JwtAuthProps } from './api-auth';

/** Lets in whoever has a valid token. The function asks the issuer for its keys and nothing of AWS. */
export class JwtAuthorizer extends Construct {
  readonly authorizer: RequestAuthorizer;
  readonly verifier: PrivilegedFunction;

  constructor(scope: Construct, id: string, { issuer, audience, scopesClaim }: Required<JwtAuthProps>) {
    super(scope, id);
    this.verifier = new PrivilegedFunction(this, 'Verifier', {
      bundle: 'authorizer',
      description: 'Verifies the tokens of callers',
      environment: { JWT_ISSUER: issuer, JWT_AUDIENCE: audience, JWT_SCOPES_CLAIM: scopesClaim },
      statements: [],
    });
    this.authorizer = new RequestAuthorizer(this, 'Authorizer', {
      handler: this.verifier.function,
      identitySources: [IdentitySource.header('Authorization')],
      resultsCacheTtl: Duration.minutes(1),
    });
  }
}
