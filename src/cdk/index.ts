export {
  ApiAuth,
  type ApiAuthSettings,
  type ApiKeyAuthProps,
  type JwtAuthProps,
  type ScopedAuthProps,
} from './api/api-auth';
export type { ApiScope } from './api/api-scope';
export type { ApiProps } from './api/api-settings';
export { LinkApi, type LinkApiProps } from './api/link-api';
export type { UploadProps } from './api/uploads';
export type { LifetimeProps } from './base/lifetimes';
export {
  PrivilegedFunction,
  type PrivilegedFunctionProps,
  type PrivilegedFunctionSettings,
} from './base/privileged-function';
export { PropertyError } from './base/property-error';
export type { ContentBucketProps } from './bucket/content-bucket';
export type { DeliveryProps } from './delivery/delivery';
export { EdgepassStack } from './edgepass-stack';
export type { IPrivateContent, PrivateContentAttributes } from './imported-content';
export { type ContentKeyProps, SigningKey, type SigningKeyProps, type SigningKeyType } from './keys/signing-key';
export { AccessLogs, type LogsProps } from './operations/access-logs';
export { type ContentAlarmProps, ContentAlarms } from './operations/alarms';
export { ContentDashboard } from './operations/dashboard';
export { DistributionLogs, type DistributionLogsProps } from './operations/distribution-logs';
export type { OperatedContent } from './operations/operated-content';
export { Operations, type OperationsProps } from './operations/operations';
export type { ManagedWebAclProps, WebAclProps } from './operations/web-acl';
export { PrivateContent, type PrivateContentProps } from './private-content';
export { SiteAssets, type SiteAssetsProps, type SiteProps } from './site/site';
