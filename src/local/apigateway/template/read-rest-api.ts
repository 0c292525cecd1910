import type { Properties } from '../../cloudformation/properties';
import type { ApiResource, MethodThrottle, RestApi, Stage } from '../model';
import { throttleOf } from '../usage/throttle';
import { METHOD_SETTING } from './property-tables';

const PATH_PART = /^(?:[A-Za-z0-9._:-]+|\{[A-Za-z0-9._:-]+\+?\})$/;

/** Reads an AWS::ApiGateway::Resource, with the rules that keep a path from meaning two resources. */
export function readResource(props: Properties, api: RestApi, id: string): ApiResource {
  const parentId = props.text('ParentId');
  const pathPart = props.text('PathPart');
  const parent = api.resources.get(parentId);
  if (parentId !== api.rootResourceId && !parent) props.refuse('ParentId', 'names no resource of the API');
  if (parent?.pathPart.endsWith('+}'))
    props.refuse('ParentId', `names ${parent.pathPart}, which takes all that follows`);
  if (!PATH_PART.test(pathPart))
    props.refuse('PathPart', 'may have letters, digits, . _ - and :, or be {name} or {name+}');
  const siblings = [...api.resources.values()].filter((other) => other.parentId === parentId && other.id !== id);
  if (siblings.some((other) => other.pathPart === pathPart)) props.refuse('PathPart', `is there already: ${pathPart}`);
  const variable = siblings.find((other) => isVariable(other.pathPart))?.pathPart;
  if (variable && isVariable(pathPart)) {
    props.refuse('PathPart', `is ${pathPart} beside ${variable}: only one sibling may have a variable path part`);
  }
  return { id, parentId, pathPart };
}

const isVariable = (pathPart: string): boolean => pathPart.startsWith('{');

export function readStage(props: Properties, api: RestApi): Stage {
  const name = props.text('StageName');
  if (!/^[A-Za-z0-9_-]{1,128}$/.test(name)) props.refuse('StageName', 'may have letters, digits, - and _');
  return {
    name,
    deployment: api.deployments.get(props.text('DeploymentId')) ?? props.refuse('DeploymentId', 'names no deployment'),
    variables: props.textMap('Variables'),
    methodThrottles: props.groups('MethodSettings', METHOD_SETTING).flatMap(readMethodThrottle),
  };
}

/** In a template `/*` stands for every path, and the slashes after the first are written `~1`: `/~1pets~1{petId}`. */
function readMethodThrottle(props: Properties): MethodThrottle[] {
  const throttle = throttleOf(
    props.optionalNumber('ThrottlingRateLimit', { min: 0, max: Number.MAX_SAFE_INTEGER }),
    props.optionalNumber('ThrottlingBurstLimit', { min: 0, max: Number.MAX_SAFE_INTEGER }),
  );
  if (!throttle) return [];
  const encoded = props.text('ResourcePath');
  const resourcePath = encoded === '/*' ? '*' : encoded.replace(/^\/~1/, '/').replaceAll('~1', '/');
  return [{ httpMethod: props.text('HttpMethod'), resourcePath, throttle }];
}
