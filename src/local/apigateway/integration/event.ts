import type { IncomingMessage } from 'node:http';
import { groupBy } from '../request/group-by';
import { type RequestContext, sourceIp } from '../request/request-context';
import type { RequestTarget } from '../request/request-target';
import type { Route } from '../request/routes';

/**
 * The event of a Lambda proxy integration (payload 1.0).
 * Source: API Gateway Developer Guide, "Input format of a Lambda function for proxy integration".
 */
export interface ProxyEvent {
  readonly resource: string;
  readonly path: string;
  readonly httpMethod: string;
  readonly headers: Readonly<Record<string, string>> | null;
  readonly multiValueHeaders: Readonly<Record<string, string[]>> | null;
  readonly queryStringParameters: Readonly<Record<string, string>> | null;
  readonly multiValueQueryStringParameters: Readonly<Record<string, string[]>> | null;
  readonly pathParameters: Readonly<Record<string, string>> | null;
  readonly stageVariables: Readonly<Record<string, string>> | null;
  readonly requestContext: RequestContext;
  readonly body: string | null;
  readonly isBase64Encoded: boolean;
}

export interface ProxyRequest {
  readonly request: IncomingMessage;
  readonly target: RequestTarget;
  readonly route: Route;
  readonly context: RequestContext;
  readonly stageVariables: Readonly<Record<string, string>>;
  readonly binaryMediaTypes: readonly string[];
  readonly body: Buffer;
  readonly trace: string;
}

export function proxyEvent(proxied: ProxyRequest): ProxyEvent {
  const { request, target, route, context, body } = proxied;
  const headers = groupValues(eventHeaders(request, proxied.trace));
  const query = groupValues(target.query);
  const isBinary = isBinaryMediaType(request.headers['content-type'], proxied.binaryMediaTypes);
  return {
    resource: route.node.resourcePath,
    path: target.path,
    httpMethod: context.httpMethod,
    headers: lastValues(headers),
    multiValueHeaders: emptyIsNull(headers),
    queryStringParameters: lastValues(query),
    multiValueQueryStringParameters: emptyIsNull(query),
    pathParameters: emptyIsNull(route.pathParameters),
    stageVariables: emptyIsNull(proxied.stageVariables),
    requestContext: context,
    body: body.length === 0 ? null : body.toString(isBinary ? 'base64' : 'utf8'),
    isBase64Encoded: isBinary && body.length > 0,
  };
}

/** Headers that end at API Gateway. Observed on AWS for proxy integrations. */
const DROPPED: readonly string[] = [
  'connection',
  'content-length',
  'content-md5',
  'expect',
  'max-forwards',
  'proxy-authenticate',
  'server',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'www-authenticate',
  // The local runtime writes these itself, below.
  'x-amzn-trace-id',
  'x-forwarded-for',
  'x-forwarded-port',
  'x-forwarded-proto',
];

/** Names whose spelling API Gateway settles; all others reach a function as the client spells them. */
const SPELLING: Readonly<Record<string, string>> = {
  authorization: 'Authorization',
  host: 'Host',
  'user-agent': 'User-Agent',
};

function eventHeaders(request: IncomingMessage, trace: string): [string, string][] {
  const spelling = new Map<string, string>(Object.entries(SPELLING));
  const headers: [string, string][] = [];
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    const [name = '', value = ''] = request.rawHeaders.slice(index, index + 2);
    const lowerCase = name.toLowerCase();
    if (DROPPED.includes(lowerCase)) continue;
    if (!spelling.has(lowerCase)) spelling.set(lowerCase, name);
    headers.push([spelling.get(lowerCase) ?? name, value]);
  }
  const forwardedFor = [request.headers['x-forwarded-for'], sourceIp(request)].flat().filter(Boolean).join(', ');
  return [
    ...headers,
    ['X-Amzn-Trace-Id', trace],
    ['X-Forwarded-For', forwardedFor],
    ['X-Forwarded-Port', String(request.socket.localPort)],
    ['X-Forwarded-Proto', 'encrypted' in request.socket ? 'https' : 'http'],
  ];
}

function groupValues(pairs: readonly (readonly [string, string])[]): Record<string, string[]> {
  const grouped = groupBy(pairs, ([name]) => name);
  return Object.fromEntries([...grouped].map(([name, values]) => [name, values.map(([, value]) => value)]));
}

function lastValues(grouped: Record<string, string[]>): Record<string, string> | null {
  return emptyIsNull(Object.fromEntries(Object.entries(grouped).map(([name, values]) => [name, values.at(-1) ?? ''])));
}

const emptyIsNull = <T extends object>(values: T): T | null => (Object.keys(values).length === 0 ? null : values);

/** Whether a Content-Type, or the first type of an Accept, is among an API's binary media types: by name, or by all of them. */
export function isBinaryMediaType(header: string | undefined, binaryMediaTypes: readonly string[]): boolean {
  const [mediaType] = (header ?? '').split(/[,;]/);
  return binaryMediaTypes.some((type) => type === '*/*' || type === mediaType?.trim());
}
