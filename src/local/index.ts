export { type Home, type HomeOptions, startHome } from './home';
export type { Ports } from './home-config';
export { isAlive, type Roles, type RunningHome, readRunningHome } from './running-home';
