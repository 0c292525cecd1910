import { Properties, type PropertyTable } from '../../cloudformation/properties';
import type {
  AppliedResource,
  ResourceRequest,
  ResourceResult,
  ResourceType,
  ResourceTypes,
} from '../../cloudformation/resource-type';
import { GATEWAY_RESPONSES, NEVER_GIVEN } from '../errors';
import type { Account, RestApi } from '../model';
import { buildRoutes } from '../request/routes';
import { readLiteralHeaders } from './literal-mapping';
import { AUTHORIZER, DEPLOYMENT, GATEWAY_RESPONSE, METHOD, RESOURCE, REST_API, STAGE } from './property-tables';
import { randomId } from './random-id';
import { readAuthorizer } from './read-authorizer';
import { readMethod } from './read-method';
import { readResource, readStage } from './read-rest-api';

/** The resource types that an API is made of. */
export function restApiTypes(account: Account): ResourceTypes {
  const { restApis } = account;
  return {
    'AWS::ApiGateway::RestApi': {
      apply: (request) => applyRestApi(restApis, request),
      remove: ({ physicalId }) => {
        restApis.delete(physicalId);
      },
    },
    'AWS::ApiGateway::Resource': part(account, 'Resource', RESOURCE, putResource, (api, id) =>
      api.resources.delete(id),
    ),
    'AWS::ApiGateway::Method': part(account, 'Method', METHOD, putMethod, (api, id) => api.methods.delete(id)),
    'AWS::ApiGateway::Authorizer': part(account, 'Authorizer', AUTHORIZER, putAuthorizer, (api, id) =>
      api.authorizers.delete(id),
    ),
    'AWS::ApiGateway::GatewayResponse': part(
      account,
      'GatewayResponse',
      GATEWAY_RESPONSE,
      putGatewayResponse,
      (api, id) => api.gatewayResponses.delete(id),
    ),
    'AWS::ApiGateway::Deployment': part(account, 'Deployment', DEPLOYMENT, putDeployment, (api, id) =>
      api.deployments.delete(id),
    ),
    'AWS::ApiGateway::Stage': part(account, 'Stage', STAGE, putStage, (api, id) => api.stages.delete(id)),
  };
}

type Put = (api: RestApi, read: Properties, previousId: string | undefined) => ResourceResult;
type Drop = (api: RestApi, physicalId: string) => void;

/** A resource type whose resources belong to an API. Another physical id than before means a replacement: the old one goes. */
function part({ restApis }: Account, type: string, table: PropertyTable, put: Put, drop: Drop): ResourceType {
  const remove = ({ properties, physicalId }: AppliedResource) => {
    const api = restApis.get(String(properties.RestApiId));
    if (api) drop(api, physicalId);
  };
  return {
    apply({ logicalId, properties, previous }) {
      const read = new Properties(`${logicalId} (AWS::ApiGateway::${type})`, properties, table);
      const api = restApis.get(read.text('RestApiId')) ?? read.refuse('RestApiId', 'names no API');
      const result = put(api, read, previous?.physicalId);
      if (previous && previous.physicalId !== result.physicalId) remove(previous);
      return result;
    },
    remove,
  };
}

function applyRestApi(
  restApis: Map<string, RestApi>,
  { logicalId, properties, previous }: ResourceRequest,
): ResourceResult {
  const read = new Properties(`${logicalId} (AWS::ApiGateway::RestApi)`, properties, REST_API);
  read.text('Name');
  const id = previous?.physicalId ?? randomId(10);
  const rootResourceId = String(previous?.attributes.RootResourceId ?? randomId(10));
  const api = restApis.get(id) ?? newRestApi(id, rootResourceId);
  api.binaryMediaTypes = read.textList('BinaryMediaTypes');
  api.apiKeySource = read.oneOf('ApiKeySourceType', ['HEADER', 'AUTHORIZER'], 'HEADER');
  restApis.set(id, api);
  return { physicalId: id, attributes: { RestApiId: id, RootResourceId: api.rootResourceId } };
}

function newRestApi(id: string, rootResourceId: string): RestApi {
  return {
    id,
    rootResourceId,
    binaryMediaTypes: [],
    apiKeySource: 'HEADER',
    resources: new Map(),
    methods: new Map(),
    authorizers: new Map(),
    gatewayResponses: new Map(),
    deployments: new Map(),
    stages: new Map(),
  };
}

function putResource(api: RestApi, read: Properties, previousId: string = randomId(6)): ResourceResult {
  api.resources.set(previousId, readResource(read, api, previousId));
  return { physicalId: previousId, attributes: { ResourceId: previousId } };
}

function putMethod(api: RestApi, read: Properties): ResourceResult {
  const method = readMethod(read);
  const { resourceId, httpMethod } = method;
  const isKnown = resourceId === api.rootResourceId || api.resources.has(resourceId);
  if (!isKnown) read.refuse('ResourceId', 'names no resource of the API');
  const { authorization } = method;
  if (authorization.type === 'CUSTOM' && !api.authorizers.has(authorization.authorizerId))
    read.refuse('AuthorizerId', 'names no authorizer of the API');
  const physicalId = `${api.id}|${resourceId}|${httpMethod}`;
  api.methods.set(physicalId, method);
  return { physicalId, attributes: {} };
}

function putAuthorizer(api: RestApi, read: Properties, previousId: string = randomId(6)): ResourceResult {
  api.authorizers.set(previousId, readAuthorizer(read, previousId));
  return { physicalId: previousId, attributes: { AuthorizerId: previousId } };
}

function putGatewayResponse(api: RestApi, read: Properties): ResourceResult {
  const known = [...Object.keys(GATEWAY_RESPONSES), ...NEVER_GIVEN];
  const type = read.oneOf('ResponseType', known, read.text('ResponseType'));
  api.gatewayResponses.set(`${api.id}|${type}`, {
    type,
    statusCode: read.optionalNumber('StatusCode', { min: 400, max: 599 }),
    headers: readLiteralHeaders(read, 'ResponseParameters', 'gatewayresponse.header.'),
    templates: read.textMap('ResponseTemplates'),
  });
  return { physicalId: `${api.id}|${type}`, attributes: { Id: `${api.id}|${type}` } };
}

function putDeployment(api: RestApi, _read: Properties, previousId: string = randomId(6)): ResourceResult {
  api.deployments.set(previousId, {
    id: previousId,
    routes: buildRoutes(api.rootResourceId, api.resources.values(), api.methods.values()),
    binaryMediaTypes: api.binaryMediaTypes,
    apiKeySource: api.apiKeySource,
    authorizers: new Map(api.authorizers),
    gatewayResponses: new Map([...api.gatewayResponses.values()].map((response) => [response.type, response])),
  });
  return { physicalId: previousId, attributes: { DeploymentId: previousId } };
}

function putStage(api: RestApi, read: Properties): ResourceResult {
  const stage = readStage(read, api);
  api.stages.set(stage.name, stage);
  return { physicalId: stage.name, attributes: {} };
}
