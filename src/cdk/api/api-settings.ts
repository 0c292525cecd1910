import { ACTIONS, type Action } from '../../api/actions';
import { CALLS, type Call } from '../../api/calls';
import { FEATURES, type Feature } from '../../api/calls/function-row';
import type { Environment } from '../../api/environment';
import { isEveryOrigin, readCorsOrigins } from '../base/cors-origins';
import { type LifetimeProps, readLifetimes } from '../base/lifetimes';
import { ApiAuth, type ApiAuthSettings } from './api-auth';
import { printScopes } from './api-scope';
import { printUploadLimits, type UploadProps } from './uploads';

export interface ApiProps extends LifetimeProps {
  /**
   * Who may call the API, and what for.
   *
   * @default ApiAuth.apiKey()
   */
  readonly auth?: ApiAuth;

  /**
   * Lets callers upload: the API gets `POST /uploads`, and the bucket CORS and lifecycle rules. `{}` for the default limits.
   *
   * @default - no uploads
   */
  readonly uploads?: UploadProps;

  /**
   * Lets callers delete objects. The bucket is versioned: what is deleted can be brought back.
   *
   * @default false
   */
  readonly deletes?: boolean;

  /**
   * The web pages that may call the API and upload, by their origin. What API Gateway answers by itself, such as a refusal for want of an API
   * key, every page may read.
   *
   * @default - every origin: what guards the API no browser sends by itself
   */
  readonly corsAllowedOrigins?: string[];
}

/** As the uploading function reads them. */
export type UploadLimits = Environment<'UPLOAD_MAX_SIZE' | 'UPLOAD_CONTENT_TYPES' | 'UPLOAD_PREFIX'>;

/** The API's properties, checked and complete. */
export interface ApiSettings {
  readonly auth: ApiAuthSettings;
  readonly lifetimes: Required<LifetimeProps>;
  readonly uploads: UploadProps | undefined;
  readonly corsAllowedOrigins: string[];
  readonly features: readonly Feature[];
  /** Those that are enabled. */
  readonly calls: readonly Call[];
  /** The scopes of every caller; undefined where a token brings them. */
  readonly scopes: string | undefined;
  /** `corsAllowedOrigins` as the functions read them; undefined for every origin. */
  readonly corsVariable: string | undefined;
  /** Undefined without uploads. */
  readonly uploadLimits: UploadLimits | undefined;
}

/** @throws PropertyError for the first property that cannot be. */
export function readApiSettings(props: ApiProps): ApiSettings {
  const { auth = ApiAuth.apiKey(), uploads, deletes = false } = props;
  const { settings } = auth;
  const lifetimes = readLifetimes(props);
  const corsAllowedOrigins = readCorsOrigins(props.corsAllowedOrigins);
  const enabled = { uploads: uploads !== undefined, deletes };
  const features = FEATURES.filter((feature) => enabled[feature]);
  const calls = CALLS.filter(({ feature }) => feature === undefined || enabled[feature]);
  return {
    auth: settings,
    lifetimes,
    uploads,
    corsAllowedOrigins,
    features,
    calls,
    scopes:
      settings.kind === 'jwt' ? undefined : printScopes(settings.scopes, { ...lifetimes, actions: actionsOf(calls) }),
    corsVariable: isEveryOrigin(corsAllowedOrigins) ? undefined : corsAllowedOrigins.join(','),
    uploadLimits: uploads && printUploadLimits(uploads),
  };
}

const actionsOf = (calls: readonly Call[]): Action[] =>
  ACTIONS.filter((action) => calls.some((call) => call.action === action));
