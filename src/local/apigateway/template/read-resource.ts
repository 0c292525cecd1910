import type { Properties } from '../../cloudformation/properties';
import type { ApiResource, RestApi } from '../model';

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
