import {
  FUNCTION_ARN,
  type GatewayFixture,
  proxyIntegration,
  type SmallMethod,
  send,
  smallApi,
  startGateway,
} from '../api-gateway.test.fixture';

export const AUTHORIZER_ARN: string = FUNCTION_ARN.replace('lister', 'authorizer');
export const ALLOW = { Effect: 'Allow', Action: 'execute-api:Invoke', Resource: '*' };
export const TOKEN = { authorization: 'Bearer a' };

export type Event = Record<string, unknown> & { readonly methodArn: string };
export type Say = (event: Event) => unknown;

export const allowing = (context: object = {}, Statement: object = ALLOW): object => ({
  principalId: 'ann',
  policyDocument: { Version: '2012-10-17', Statement },
  context,
});

export interface Setup {
  readonly say?: Say;
  readonly authorizer?: Record<string, unknown>;
  readonly methods?: readonly SmallMethod[];
  readonly restApi?: object;
  readonly gatewayResponses?: readonly object[];
  readonly stage?: object;
}

export interface Authorized extends GatewayFixture {
  readonly RestApiId: string;
  readonly AuthorizerId: string;
  /** What the authorizer was authorizerEvents, what Lambda was told of the caller, and what reached the function behind the methods. */
  readonly authorizerEvents: readonly Event[];
  readonly callers: readonly unknown[];
  readonly served: readonly { readonly requestContext: { readonly authorizer: unknown; readonly identity: object } }[];
  readonly nowMs: number;
  setNow(time: number): void;
  get(
    path?: string,
    headers?: Record<string, string>,
  ): Promise<{ readonly status: number; readonly body: unknown; readonly errorType: unknown }>;
}

/** An API whose methods ask this authorizer; `say` throws or answers what the function does. */
export async function startAuthorized(setup: Setup = {}): Promise<Authorized> {
  const { say = () => allowing() } = setup;
  let nowMs = 1_000_000;
  const authorizerEvents: Event[] = [];
  const callers: unknown[] = [];
  const served: { requestContext: { authorizer: unknown; identity: object } }[] = [];
  const fixture = startGateway(undefined, {
    now: () => new Date(nowMs),
    lambda: {
      async invoke(functionArn, event, caller) {
        if (functionArn === FUNCTION_ARN) {
          served.push(event as (typeof served)[number]);
          return { payload: '{}' };
        }
        authorizerEvents.push(event as Event);
        callers.push([functionArn, caller]);
        try {
          return { payload: JSON.stringify(say(event as Event)) };
        } catch (error) {
          if (error instanceof Refused) throw error;
          const { message, name } = error as Error;
          return { payload: JSON.stringify({ errorType: name, errorMessage: message }), functionError: 'Unhandled' };
        }
      },
    },
  });
  const RestApiId = (await fixture.apply('AWS::ApiGateway::RestApi', 'Api', { Name: 'Api', ...setup.restApi }))
    .physicalId;
  const { physicalId: AuthorizerId } = await fixture.apply('AWS::ApiGateway::Authorizer', 'Authorizer', {
    RestApiId,
    Name: 'Authorizer',
    Type: 'REQUEST',
    IdentitySource: 'method.request.header.Authorization',
    AuthorizerUri: proxyIntegration(AUTHORIZER_ARN).Uri,
    ...setup.authorizer,
  });
  const methods = setup.methods ?? [{ path: '/pets/{petId}' }, { path: '/' }];
  const { url } = await smallApi(
    fixture,
    methods.map(({ properties, ...method }) => ({
      ...method,
      properties: { AuthorizationType: 'CUSTOM', AuthorizerId, ...properties },
    })),
    setup,
  );
  const get = async (path = '/v1/pets/7', headers: Record<string, string> = TOKEN) => {
    const { status, text, headers: responseHeaders } = await send(url, path, { headers });
    return { status, body: text && JSON.parse(text), errorType: responseHeaders['x-amzn-errortype'] };
  };
  const setNow = (time: number) => {
    nowMs = time;
  };
  return { ...fixture, RestApiId, AuthorizerId, authorizerEvents, callers, served, get, setNow, nowMs };
}

/** Lambda itself refuses. */
export class Refused extends Error {
  readonly code = 'AccessDeniedException';
}
