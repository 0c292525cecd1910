import type { ApiResource, Method, RouteNode } from '../model';
import { groupBy } from './group-by';

export interface Route {
  readonly node: RouteNode;
  readonly method: Method;
  readonly pathParameters: Readonly<Record<string, string>>;
}

/** Source: API Gateway Developer Guide, "Set up a method": what ANY stands for. */
const ANY: readonly string[] = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'];

export function buildRoutes(
  rootResourceId: string,
  resources: Iterable<ApiResource>,
  methods: Iterable<Method>,
): RouteNode {
  const children = groupBy(resources, ({ parentId }) => parentId);
  const methodsOf = groupBy(methods, ({ resourceId }) => resourceId);
  const build = (resourceId: string, resourcePath: string): RouteNode => {
    const ofResource = (methodsOf.get(resourceId) ?? []).map((method) => [method.httpMethod, method] as const);
    const literals = new Map<string, RouteNode>();
    const node: RouteNode = { resourceId, resourcePath, methods: new Map(ofResource), literals, variable: undefined };
    for (const { id, pathPart } of children.get(resourceId) ?? []) {
      const child = build(id, `${resourcePath === '/' ? '' : resourcePath}/${pathPart}`);
      const [, name, plus] = /^\{([^}+]+)(\+?)\}$/.exec(pathPart) ?? [];
      if (name === undefined) literals.set(pathPart, child);
      else node.variable = { name, isGreedy: plus === '+', node: child };
    }
    return node;
  };
  return build(rootResourceId, '/');
}

/**
 * The method that a request means: literal segments before variables, and back to the variables where the literal way has no
 * such method. Segments are compared and handed on as they were sent, percent-encoding included, as REST APIs do; slashes at
 * the end do not count.
 */
export function findRoute(root: RouteNode, httpMethod: string, path: string): Route | undefined {
  const trimmed = path.replace(/\/+$/, '');
  return walk(root, httpMethod, trimmed === '' ? [] : trimmed.slice(1).split('/'));
}

function walk(node: RouteNode, httpMethod: string, [segment, ...rest]: readonly string[]): Route | undefined {
  if (segment === undefined) {
    const method = node.methods.get(httpMethod) ?? (ANY.includes(httpMethod) ? node.methods.get('ANY') : undefined);
    return method && { node, method, pathParameters: {} };
  }
  const literal = node.literals.get(segment);
  const found = literal && walk(literal, httpMethod, rest);
  if (found || !node.variable) return found;
  const { name, isGreedy, node: next } = node.variable;
  const value = isGreedy ? [segment, ...rest].join('/') : segment;
  const further = value === '' ? undefined : walk(next, httpMethod, isGreedy ? [] : rest);
  return further && { ...further, pathParameters: { [name]: value, ...further.pathParameters } };
}
