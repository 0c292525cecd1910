import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { RequestTarget } from './request-target';

/** `$context`: what mapping templates substitute and functions find as `event.requestContext`. */
export interface RequestContext {
  readonly accountId: string;
  readonly apiId: string;
  /** What a Lambda authorizer said, with `principalId` and `integrationLatency` (milliseconds). */
  readonly authorizer?: Readonly<Record<string, string | number>>;
  readonly deploymentId?: string;
  readonly domainName: string;
  readonly domainPrefix: string;
  readonly extendedRequestId: string;
  readonly httpMethod: string;
  readonly identity: RequestIdentity;
  readonly path: string;
  readonly protocol: string;
  readonly requestId: string;
  readonly requestTime: string;
  readonly requestTimeEpoch: number;
  readonly resourceId?: string;
  readonly resourcePath?: string;
  readonly stage: string;
}

export interface RequestIdentity {
  /** Only where the method asks for IAM authorization, as the four others of the caller. */
  readonly accessKey: string | null;
  readonly accountId: string | null;
  /** Only where the method asks for an API key. */
  readonly apiKey?: string;
  readonly apiKeyId?: string;
  readonly caller: string | null;
  readonly cognitoAuthenticationProvider: null;
  readonly cognitoAuthenticationType: null;
  readonly cognitoIdentityId: null;
  readonly cognitoIdentityPoolId: null;
  readonly principalOrgId: null;
  readonly sourceIp: string;
  readonly user: string | null;
  readonly userAgent: string | null;
  readonly userArn: string | null;
}

export interface RequestContextInputs {
  readonly accountId: string;
  readonly apiId: string;
  readonly nowMs: number;
}

export function createRequestContext(
  request: IncomingMessage,
  target: RequestTarget,
  inputs: RequestContextInputs,
): RequestContext {
  return {
    accountId: inputs.accountId,
    apiId: inputs.apiId,
    // On AWS a name without a port; locally whoever builds a URL from it needs the port.
    domainName: request.headers.host ?? '',
    domainPrefix: inputs.apiId,
    extendedRequestId: randomBytes(11).toString('base64'),
    httpMethod: request.method ?? '',
    identity: {
      accessKey: null,
      accountId: null,
      caller: null,
      cognitoAuthenticationProvider: null,
      cognitoAuthenticationType: null,
      cognitoIdentityId: null,
      cognitoIdentityPoolId: null,
      principalOrgId: null,
      sourceIp: sourceIp(request),
      user: null,
      userAgent: request.headers['user-agent'] ?? null,
      userArn: null,
    },
    path: target.stagePath,
    protocol: `HTTP/${request.httpVersion}`,
    requestId: randomUUID(),
    requestTime: commonLogTime(new Date(inputs.nowMs)),
    requestTimeEpoch: inputs.nowMs,
    stage: target.stage,
  };
}

export function sourceIp({ socket }: IncomingMessage): string {
  return (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
}

/** `09/Apr/2015:12:34:56 +0000` */
function commonLogTime(time: Date): string {
  const [, day, month, year, clock] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(time.toUTCString()) ?? [];
  return `${day}/${month}/${year}:${clock} +0000`;
}

/** The request's own X-Ray trace, or a new one. Source: AWS X-Ray Developer Guide, "Tracing header". */
export function traceHeader(incoming: string | undefined, nowMs: number): string {
  if (incoming && /(^|;)Root=1-[0-9a-f]{8}-[0-9a-f]{24}(;|$)/.test(incoming)) return incoming;
  const seconds = Math.floor(nowMs / 1000).toString(16);
  return `Root=1-${seconds}-${randomBytes(12).toString('hex')}`;
}
