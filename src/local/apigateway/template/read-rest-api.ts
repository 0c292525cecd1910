import type { Properties } from '../../cloudformation/properties';
import type { ApiResource, MethodThrottle, RestApi, Stage } from '../model';
import { throttleOf } from '../usage/throttle';
import { METHOD_SETTING } from './property-tables';

const PATH_PART = /^(?:[A-Za-z0-9._:-]+|\{[A-Za-z0-9._:-]+\+?\})$/;

/** Reads an AWS::ApiGateway::Resource, with the rules that keep a path from meaning two resources. */
export function readResource(read: Properties, api: RestApi, id: string): ApiResource {
  const parentId = read.text('ParentId');
  const pathPart = read.text('PathPart');
  const parent = api.resources.get(parentId);
  if (parentId !== api.rootResourceId && !parent) read.refuse('ParentId', 'names no resource of the API');
  if (parent?.pathPart.endsWith('+}'))
    read.refuse('ParentId', `names ${parent.pathPart}, which takes all that follows`);
  if (!PATH_PART.test(pathPart))
    read.refuse('PathPart', 'may have letters, digits, . _ - and :, or be {name} or {name+}');
  const siblings = [...api.resources.values()].filter((other) => other.parentId === parentId && other.id !== id);
  if (siblings.some((other) => other.pathPart === pathPart)) read.refuse('PathPart', `is there already: ${pathPart}`);
  const variable = siblings.find((other) => isVariable(other.pathPart))?.pathPart;
  if (variable && isVariable(pathPart)) {
    read.refuse('PathPart', `is ${pathPart} beside ${variable}: only one sibling may have a variable path part`);
  }
  return { id, parentId, pathPart };
}

const isVariable = (pathPart: string): boolean => pathPart.startsWith('{');

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
