export { type Home, type HomeOptions, startHome } from './home';
export type { Ports } from './home-config';
export { signToken, type TokenRequest } from './issuer';
export type { TokenSettings } from './jwt-authorizer';
export { functionsLogPath, type LogEntry } from './log-file';
export { isAlive, type Roles, type RunningHome, readRunningHome } from './running-home';
