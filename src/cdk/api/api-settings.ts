import { type Action, ROUTES, type Route } from '../../api/routes';
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

/** The API's properties, checked and complete. */
export interface ApiSettings {
  readonly auth: ApiAuthSettings;
  readonly lifetimes: Required<LifetimeProps>;
  readonly uploads: UploadProps | undefined;
  readonly corsAllowedOrigins: string[];
  /** Those that are enabled. */
  readonly routes: readonly Route[];
  /** Environment variables of every function that answers a route. */
  readonly environment: Readonly<Record<string, string>>;
  /** Those of the uploading function. */
  readonly uploadLimits: Readonly<Record<string, string>>;
}

/** @throws PropertyError for the first property that cannot be. */
export function readApiSettings(props: ApiProps): ApiSettings {
  const { auth = ApiAuth.apiKey(), uploads, deletes = false } = props;
  const { settings } = auth;
  const lifetimes = readLifetimes(props);
  const corsAllowedOrigins = readCorsOrigins(props.corsAllowedOrigins);
  const enabled = { uploads: uploads !== undefined, deletes };
  const routes = ROUTES.filter(({ feature }) => feature === undefined || enabled[feature]);
  const environment = {
    AUTH: settings.kind,
    ...(settings.kind !== 'jwt' && {
      SCOPES: printScopes(settings.scopes, { ...lifetimes, actions: actionsOf(routes) }),
    }),
    ...(!isEveryOrigin(corsAllowedOrigins) && { CORS_ALLOWED_ORIGINS: corsAllowedOrigins.join(',') }),
  };
  const uploadLimits = uploads ? printUploadLimits(uploads) : {};
  return { auth: settings, lifetimes, uploads, corsAllowedOrigins, routes, environment, uploadLimits };
}

const ACTIONS: readonly Action[] = ['list', 'sign', 'upload', 'delete'];

const actionsOf = (routes: readonly Route[]): Action[] =>
  ACTIONS.filter((action) => routes.some((route) => route.action === action));
