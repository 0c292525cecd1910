import { AuthorizationType, type MethodOptions } from 'aws-cdk-lib/aws-apigateway';
import type { Construct } from 'constructs';
import type { ApiAuthSettings } from './api-auth';
import { JwtAuthorizer } from './jwt-authorizer';

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
