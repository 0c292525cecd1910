export { ssmResourceTypes } from './resources';
export { openSsm, type Ssm, type SsmOptions } from './ssm';
