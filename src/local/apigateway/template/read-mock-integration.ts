import type { Properties, PropertyTable } from '../../cloudformation/properties';
import type { MockIntegration, MockResponse } from '../model';
import { readCorsOrigins } from './cors-preflight';
import { readLiteralHeaders } from './literal-mapping';

const INTEGRATION_RESPONSE: PropertyTable = {
  ContentHandling: { notImplemented: 'conversions of the payload' },
  ResponseParameters: 'used',
  ResponseTemplates: 'used',
  SelectionPattern: 'used',
  StatusCode: 'used',
};

/** @param methodHeaders headers that the method's responses declare, by status code */
export function readMockIntegration(
  read: Properties,
  methodHeaders: ReadonlyMap<string, readonly string[]>,
): MockIntegration {
  const templates = Object.entries(read.textMap('RequestTemplates'));
  return {
    type: 'MOCK',
    passthroughBehavior: read.oneOf(
      'PassthroughBehavior',
      ['WHEN_NO_MATCH', 'WHEN_NO_TEMPLATES', 'NEVER'],
      'WHEN_NO_MATCH',
    ),
    statusCodes: new Map(templates.map(([type, template]) => [type, readStatusCode(read, template)])),
    responses: read.groups('IntegrationResponses', INTEGRATION_RESPONSE).map((row) => readResponse(row, methodHeaders)),
  };
}

/** A request template of a MOCK integration says which integration response is meant: `{ statusCode: 200 }`, quotes or not. */
function readStatusCode(read: Properties, template: string): number {
  const statusCode = /^\s*\{\s*["']?statusCode["']?\s*:\s*(\d{3})\s*\}\s*$/.exec(template)?.[1];
  if (statusCode === undefined) return read.notImplemented('a request template other than {"statusCode": N}');
  return Number(statusCode);
}

function readResponse(read: Properties, methodHeaders: ReadonlyMap<string, readonly string[]>): MockResponse {
  const statusCode = read.text('StatusCode');
  const declared = methodHeaders.get(statusCode);
  if (!declared) read.refuse('StatusCode', `is ${statusCode}; the method has no such response`);
  const headers = readLiteralHeaders(read, 'ResponseParameters', 'method.response.header.');
  const undeclared = Object.keys(headers).find((name) => !declared?.includes(name));
  if (undeclared)
    read.refuse('ResponseParameters', `has ${undeclared}, which the method's response ${statusCode} lacks`);
  const [template = '', ...others] = Object.values(read.textMap('ResponseTemplates'));
  if (others.length > 0) read.notImplemented('more than one response template');
  const corsOrigins = readCorsOrigins(template);
  if (!corsOrigins && /[$#]/.test(template))
    read.notImplemented('a response template in the Velocity Template Language');
  const pattern = read.optionalText('SelectionPattern');
  return {
    selectionPattern: pattern === undefined ? undefined : new RegExp(`^(?:${pattern})$`, 's'),
    statusCode: Number(statusCode),
    headers,
    body: corsOrigins ? '' : template,
    corsOrigins,
  };
}
