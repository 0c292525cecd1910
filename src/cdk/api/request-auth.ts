import { Duration } from 'aws-cdk-lib';
import { AuthorizationType, IdentitySource, type MethodOptions, RequestAuthorizer } from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import type { EnvironmentOf } from '../../api/environment';
import { PrivilegedFunction } from '../base/privileged-function';
import type { ApiAuthSettings, JwtAuthProps } from './api-auth';

/** What API Gateway asks of a request before a function sees it. */
export interface RequestAuth {
  readonly methodOptions: MethodOptions;
  /** The headers that bring it, which a page has to be allowed to send. */
  readonly headers: readonly string[];
  readonly authorizer?: JwtAuthorizer;
}

/** For the routes that are open to anybody, whatever the others ask. */
export const OPEN: MethodOptions = { authorizationType: AuthorizationType.NONE, apiKeyRequired: false };

export function createRequestAuth(scope: Construct, settings: ApiAuthSettings): RequestAuth {
  switch (settings.kind) {
    case 'apiKey':
      return { methodOptions: { ...OPEN, apiKeyRequired: true }, headers: ['X-Api-Key'] };
    case 'iam':
      return {
        methodOptions: { authorizationType: AuthorizationType.IAM },
        headers: ['Authorization', 'X-Amz-Date', 'X-Amz-Security-Token', 'X-Amz-Content-Sha256'],
      };
    case 'jwt': {
      const authorizer = new JwtAuthorizer(scope, 'Authorizer', settings);
      const methodOptions = { authorizationType: AuthorizationType.CUSTOM, authorizer: authorizer.authorizer };
      return { methodOptions, headers: ['Authorization'], authorizer };
    }
    case 'none':
      return { methodOptions: OPEN, headers: [] };
  }
}

/** Lets in whoever has a valid token. The function asks the issuer for its keys and nothing of AWS. */
export class JwtAuthorizer extends Construct {
  readonly authorizer: RequestAuthorizer;
  readonly verifier: PrivilegedFunction;

  constructor(scope: Construct, id: string, { issuer, audience, scopesClaim }: Required<JwtAuthProps>) {
    super(scope, id);
    this.verifier = new PrivilegedFunction(this, 'Verifier', {
      bundle: 'authorizer',
      description: 'Verifies the tokens of callers',
      environment: {
        JWT_ISSUER: issuer,
        JWT_AUDIENCE: audience,
        JWT_SCOPES_CLAIM: scopesClaim,
      } satisfies EnvironmentOf<'authorizer'>,
      statements: [],
    });
    this.authorizer = new RequestAuthorizer(this, 'Authorizer', {
      handler: this.verifier.function,
      identitySources: [IdentitySource.header('Authorization')],
      resultsCacheTtl: Duration.minutes(1),
    });
  }
}
