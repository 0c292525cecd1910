export { EdgepassStack } from './edgepass-stack';
export { LinkApi, type LinkApiProps } from './link-api';
export { PrivateContent, type PrivateContentProps } from './private-content';
export { PrivilegedFunction, type PrivilegedFunctionProps } from './privileged-function';
export { SigningKey } from './signing-key';
