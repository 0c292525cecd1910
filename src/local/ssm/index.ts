export { openSsm, type Ssm, type SsmOptions } from './ssm';
