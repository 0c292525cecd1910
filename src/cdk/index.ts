export { AccessLogs, type LogsProps } from './access-logs';
export { type AlarmProps, ContentAlarms } from './alarms';
export {
  ApiAuth,
  type ApiAuthSettings,
  type ApiKeyAuthProps,
  type JwtAuthProps,
  type ScopedAuthProps,
} from './api-auth';
export type { ApiScope } from './api-scope';
export type { ApiProps } from './api-settings';
export type { BucketProps } from './content-bucket';
export { ContentDashboard } from './dashboard';
export type { DeliveryProps } from './delivery';
export { DistributionLogs, type DistributionLogsProps } from './distribution-logs';
export { EdgepassStack } from './edgepass-stack';
export type { IPrivateContent, PrivateContentAttributes } from './imported-content';
export type { LifetimeProps } from './lifetimes';
export { LinkApi, type LinkApiProps } from './link-api';
export { type OperatedContent, Operations, type OperationsProps } from './operations';
export { PrivateContent, type PrivateContentProps } from './private-content';
export {
  PrivilegedFunction,
  type PrivilegedFunctionProps,
  type PrivilegedFunctionSettings,
} from './privileged-function';
export { PropertyError } from './property-error';
export { type KeyProps, SigningKey, type SigningKeyProps, type SigningKeyType } from './signing-key';
export { SiteAssets, type SiteAssetsProps, type SiteProps } from './site';
export type { UploadProps } from './uploads';
export type { ManagedWebAclProps, WebAclProps } from './web-acl';
