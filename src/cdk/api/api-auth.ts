import { Token } from 'aws-cdk-lib';
import type { QuotaSettings, ThrottleSettings } from 'aws-cdk-lib/aws-apigateway';
import { PropertyError } from '../base/property-error';
import type { ApiScope } from './api-scope';

export interface ScopedAuthProps {
  /**
   * What every caller may do.
   *
   * @default - list and sign every object; upload and delete where these are enabled
   */
  readonly scopes?: ApiScope[];
}

export interface ApiKeyAuthProps extends ScopedAuthProps {
  /**
   * How many requests the API key may send.
   *
   * @default - 1,000 a second, 2,000 at once
   */
  readonly throttle?: ThrottleSettings;

  /**
   * How many requests the API key may send in a day, a week or a month.
   *
   * @default - no quota
   */
  readonly quota?: QuotaSettings;
}

export interface JwtAuthProps {
  /** `iss` of the tokens, an https URL; its `/.well-known/openid-configuration` names the keys. */
  readonly issuer: string;

  /** `aud` of the tokens. */
  readonly audience: string;

  /**
   * The claim with the caller's scopes: `ACTION[:PREFIX][;max=SECONDS]`, separated by spaces. Others' scopes in it are ignored.
   *
   * @default 'scope'
   */
  readonly scopesClaim?: string;
}

/** How callers are known, as the functions read it from `AUTH`. */
export type ApiAuthSettings =
  | ({ readonly kind: 'apiKey' } & ApiKeyAuthProps)
  | ({ readonly kind: 'iam' } & ScopedAuthProps)
  | ({ readonly kind: 'jwt' } & Required<JwtAuthProps>)
  | ({ readonly kind: 'none' } & ScopedAuthProps);

/**
 * Who may call the API, and how API Gateway knows them. `GET /openapi.json` and `GET /health` are open to anybody.
 *
 * @example ApiAuth.apiKey({ scopes: [{ action: 'list' }, { action: 'sign', prefix: 'reports/' }] })
 */
export class ApiAuth {
  /** Whoever sends the API key, made by the deployment, in the header `x-api-key`. */
  static apiKey(props: ApiKeyAuthProps = {}): ApiAuth {
    return new ApiAuth({ kind: 'apiKey', ...props });
  }

  /**
   * Whoever may `execute-api:Invoke` by IAM and signs with Signature Version 4, at the stage `v1`: a signature covers the host, so
   * the distribution cannot pass it on.
   */
  static iam(props: ScopedAuthProps = {}): ApiAuth {
    return new ApiAuth({ kind: 'iam', ...props });
  }

  /** Whoever has a JSON Web Token of an OpenID Connect issuer, in `Authorization: Bearer …`. The token says what its caller may do. */
  static jwt(props: JwtAuthProps): ApiAuth {
    const { issuer, audience, scopesClaim = 'scope' } = props;
    if (!Token.isUnresolved(issuer) && !isIssuer(issuer))
      throw new PropertyError(
        'issuer',
        'has to be an https URL without query and fragment, as `iss` of the tokens has it',
      );
    if (audience === '') throw new PropertyError('audience', 'is empty: give `aud` of the tokens');
    if (scopesClaim === '')
      throw new PropertyError('scopesClaim', 'is empty: give the name of the claim with the scopes');
    return new ApiAuth({ kind: 'jwt', issuer, audience, scopesClaim });
  }

  /** Anybody at all. Everybody on the internet may do what the scopes say. */
  static none(props: ScopedAuthProps = {}): ApiAuth {
    return new ApiAuth({ kind: 'none', ...props });
  }

  readonly settings: ApiAuthSettings;

  private constructor(settings: ApiAuthSettings) {
    this.settings = settings;
  }
}

/** Source: OpenID Connect Core, section 2, `iss`. */
function isIssuer(text: string): boolean {
  return /^https:\/\/[^?#]+$/.test(text) && URL.canParse(text);
}
