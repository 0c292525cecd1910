import type { Properties } from '../../cloudformation/properties';
import type { MethodThrottle, RestApi, Stage } from '../model';
import { throttleOf } from '../usage/throttle';
import { METHOD_SETTING } from './property-tables';

export function readStage(read: Properties, api: RestApi): Stage {
  const name = read.text('StageName');
  if (!/^[A-Za-z0-9_-]{1,128}$/.test(name)) read.refuse('StageName', 'may have letters, digits, - and _');
  return {
    name,
    deployment: api.deployments.get(read.text('DeploymentId')) ?? read.refuse('DeploymentId', 'names no deployment'),
    variables: read.textMap('Variables'),
    methodThrottles: read.groups('MethodSettings', METHOD_SETTING).flatMap(readMethodThrottle),
  };
}

/** In a template `/*` stands for every path, and the slashes after the first are written `~1`: `/~1pets~1{petId}`. */
function readMethodThrottle(read: Properties): MethodThrottle[] {
  const throttle = throttleOf(
    read.optionalNumber('ThrottlingRateLimit', { min: 0, max: Number.MAX_SAFE_INTEGER }),
    read.optionalNumber('ThrottlingBurstLimit', { min: 0, max: Number.MAX_SAFE_INTEGER }),
  );
  if (!throttle) return [];
  const encoded = read.text('ResourcePath');
  const resourcePath = encoded === '/*' ? '*' : encoded.replace(/^\/~1/, '/').replaceAll('~1', '/');
  return [{ httpMethod: read.text('HttpMethod'), resourcePath, throttle }];
}
