import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../clock';
import type { FindAccessKey } from '../iam/principal';
import type { Service } from '../service';
import { AuthorizerCache } from './authorization/authorizer-cache';
import { handleRequest } from './handle-request';
import type { LambdaInvoker } from './integration/lambda-proxy';
import type { Account } from './model';
import { defaultResponse } from './response/gateway-response';
import { type HttpResponse, writeResponse } from './response/http-response';
import { restApiTypes } from './template/rest-api-types';
import { usagePlanTypes } from './template/usage-plan-types';
import { Usage } from './usage/usage';

/**
 * API Gateway REST APIs on one machine: stages, the resource tree, API keys with usage plans (throttle and quota), IAM
 * authorization, Lambda authorizers, Lambda proxy integrations, the MOCK integration of a CORS preflight, gateway responses. Shapes of
 * events, answers and errors are those that REST APIs were observed to give in 2023 to 2025; wording follows the API Gateway Developer
 * Guide.
 *
 * Gaps, each refused by name when a template is applied: Cognito user pools, roles for authorizers, request validators, HTTP, AWS and
 * VPC link integrations, mapping templates (but for CDK's preflight), header mappings from anything but a literal, documents
 * (OpenAPI), resource policies, caching, compression, canaries, custom domain names, streamed answers.
 * Gaps that nothing announces: no access or execution log, no limits of the account itself, quotas begin anew with the local runtime.
 * Not verified on AWS: that a caller is authorized before the API key and the throttles are looked at; that an identity source is asked
 * for where results are not cached; that an authorizer's answer needs a principalId (the guide says so, others saw that it does not);
 * that a null header value makes a proxy response malformed; that an event too large for Lambda is a 413;
 * when quota weeks begin; in which order a gateway response's ResponseTemplates are tried; how a percent-encoded literal routes.
 *
 * By design: the path of an event and its path parameters are handed on as they were sent, percent-encoding included, and only
 * the query is decoded: that is what REST APIs do, unlike HTTP APIs. A deployment is a snapshot of what was applied before it,
 * taken anew at every boot. `domainName` is the host and port that the client called. Plain HTTP, and X-Forwarded-Proto says so.
 */
export function openApiGateway(options: ApiGatewayOptions): ApiGateway {
  const { region, accountId, lambda, findAccessKey, now, onError = reportError } = options;
  const account: Account = {
    restApis: new Map(),
    apiKeys: new Map(),
    usagePlans: new Map(),
    usagePlanKeys: new Map(),
  };
  const gateway = {
    region,
    accountId,
    lambda,
    findAccessKey,
    usage: new Usage(account, now),
    cache: new AuthorizerCache(),
    now,
  };
  const handle: ApiGateway['handle'] = async (restApiId, request, response) => {
    try {
      const restApi = account.restApis.get(restApiId);
      writeResponse(response, restApi ? await handleRequest(gateway, restApi, request) : UNKNOWN_API);
    } catch (error) {
      if (!response.headersSent) writeResponse(response, INTERNAL_ERROR);
      // A client that went away in the middle of its request is nobody's fault.
      if (request.complete) onError(error);
    }
  };
  return {
    resourceTypes: { ...restApiTypes(account), ...usagePlanTypes(account) },
    apis: () => [...account.restApis.values()].map(({ id, stages }) => ({ restApiId: id, stages: [...stages.keys()] })),
    functionArns: () => functionArnsOf(account),
    apiKeyValue: (keyId) => account.apiKeys.get(keyId)?.value,
    handle,
    close: () => undefined,
  };
}

function functionArnsOf({ restApis }: Account): readonly string[] {
  return [...restApis.values()].flatMap(({ authorizers, methods }) => [
    ...[...authorizers.values()].map(({ functionArn }) => functionArn),
    ...[...methods.values()].flatMap(({ integration }) =>
      integration.type === 'AWS_PROXY' ? [integration.functionArn] : [],
    ),
  ]);
}

const UNKNOWN_API: HttpResponse = defaultResponse('INVALID_API_KEY');
const INTERNAL_ERROR: HttpResponse = defaultResponse('DEFAULT_5XX');

function reportError(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : String(error));
}

export interface ApiGatewayOptions {
  readonly region: string;
  readonly accountId: string;
  readonly lambda: LambdaInvoker;
  /** The access keys that sign requests for methods with IAM authorization. */
  readonly findAccessKey: FindAccessKey;
  readonly now: Clock;
  /**
   * Told of an error that no request should be able to cause; the client gets a 500.
   *
   * @default - a process warning
   */
  readonly onError?: (error: unknown) => void;
}

export interface ApiGateway extends Service {
  apis(): { readonly restApiId: string; readonly stages: readonly string[] }[];
  /** Answers a request whose path begins with a stage of the API. */
  handle(restApiId: string, request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** The functions that requests run, and run through. */
  functionArns(): readonly string[];
  /** What `GetApiKey` with `includeValue` answers. */
  apiKeyValue(keyId: string): string | undefined;
}
