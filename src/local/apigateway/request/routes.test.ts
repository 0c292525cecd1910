import { describe, expect, test } from 'vitest';
import type { ApiResource, Method } from '../model';
import { buildRoutes, findRoute } from './routes';

/** Routes of an API with these methods, written `GET /pets/{petId}`. */
function routesOf(...methods: string[]) {
  const resources = new Map<string, ApiResource>();
  const declared = methods.map((text): Method => {
    const [httpMethod = '', path = ''] = text.split(' ');
    let parentId = 'root';
    for (const pathPart of path.split('/').filter((part) => part !== '')) {
      const id = `${parentId}/${pathPart}`;
      resources.set(id, { id, parentId, pathPart });
      parentId = id;
    }
    const integration = { type: 'AWS_PROXY', functionArn: '', timeoutMs: 1 } as const;
    const authorization = { type: 'NONE' } as const;
    return { resourceId: parentId, httpMethod, apiKeyRequired: false, authorization, integration };
  });
  const routes = buildRoutes('root', resources.values(), declared);
  return (httpMethod: string, path: string) => {
    const route = findRoute(routes, httpMethod, path);
    return route && [`${route.method.httpMethod} ${route.node.resourcePath}`, route.pathParameters];
  };
}

describe('routing', () => {
  test('finds the root, a literal path and a variable', () => {
    const find = routesOf('GET /', 'GET /pets', 'GET /pets/{petId}/toys/{toyId}');
    expect(find('GET', '/')).toEqual(['GET /', {}]);
    expect(find('GET', '/pets')).toEqual(['GET /pets', {}]);
    expect(find('GET', '/pets/7/toys/ball')).toEqual(['GET /pets/{petId}/toys/{toyId}', { petId: '7', toyId: 'ball' }]);
  });

  test('finds nothing for another path, another method or another case', () => {
    const find = routesOf('GET /pets/{petId}');
    for (const path of ['/', '/pets', '/pets/7/8', '/Pets/7', '/pets//', '/pets//7'])
      expect(find('GET', path)).toBeUndefined();
    for (const method of ['POST', 'HEAD', 'OPTIONS', 'get']) expect(find(method, '/pets/7')).toBeUndefined();
  });

  test('takes a literal segment before a variable one', () => {
    const find = routesOf('GET /pets/{petId}', 'GET /pets/mine');
    expect(find('GET', '/pets/mine')).toEqual(['GET /pets/mine', {}]);
    expect(find('GET', '/pets/yours')).toEqual(['GET /pets/{petId}', { petId: 'yours' }]);
  });

  test('goes back to the variable where the literal way leads nowhere', () => {
    const find = routesOf('POST /test', 'ANY /test/any', 'OPTIONS /{proxy+}');
    expect(find('POST', '/test')).toEqual(['POST /test', {}]);
    expect(find('OPTIONS', '/test')).toEqual(['OPTIONS /{proxy+}', { proxy: 'test' }]);
    expect(find('OPTIONS', '/test/any')).toEqual(['ANY /test/any', {}]);
    expect(find('OPTIONS', '/test/other')).toEqual(['OPTIONS /{proxy+}', { proxy: 'test/other' }]);
    expect(find('GET', '/test')).toBeUndefined();
  });

  test('takes all that is left for a greedy variable, as it was sent', () => {
    const find = routesOf('GET /objects/{key+}');
    expect(find('GET', '/objects/a/b%2Fc//d%20+e')).toEqual(['GET /objects/{key+}', { key: 'a/b%2Fc//d%20+e' }]);
    expect(find('GET', '/objects//a')).toEqual(['GET /objects/{key+}', { key: '/a' }]);
    expect(find('GET', '/objects')).toBeUndefined();
    expect(find('GET', '/objects/')).toBeUndefined();
  });

  test('leaves percent-encoding alone', () => {
    const find = routesOf('GET /pets', 'GET /{name}');
    expect(find('GET', '/%70ets')).toEqual(['GET /{name}', { name: '%70ets' }]);
    expect(find('GET', '/a%2Fb')).toEqual(['GET /{name}', { name: 'a%2Fb' }]);
  });

  test('does not count slashes at the end', () => {
    const find = routesOf('GET /pets', 'GET /objects/{key+}');
    expect(find('GET', '/pets///')).toEqual(['GET /pets', {}]);
    expect(find('GET', '/objects/a/')).toEqual(['GET /objects/{key+}', { key: 'a' }]);
  });

  test('takes a method by its name before ANY, and ANY for seven methods', () => {
    const find = routesOf('ANY /pets', 'GET /pets');
    expect(find('GET', '/pets')).toEqual(['GET /pets', {}]);
    for (const method of ['DELETE', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT']) {
      expect(find(method, '/pets')).toEqual(['ANY /pets', {}]);
    }
    expect(find('TRACE', '/pets')).toBeUndefined();
  });

  test('keeps a variable whose name is __proto__', () => {
    const [, parameters] = routesOf('GET /{__proto__}')('GET', '/x') ?? [];
    expect(JSON.stringify(parameters)).toBe('{"__proto__":"x"}');
  });
});
