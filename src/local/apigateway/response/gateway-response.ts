import { GATEWAY_RESPONSES, type GatewayError, type GatewayResponseType } from '../errors';
import type { GatewayResponse } from '../model';
import type { RequestContext } from '../request/request-context';
import type { Answer } from './http-answer';

export interface GatewayResponseInputs {
  readonly error: GatewayError;
  readonly context: RequestContext;
  readonly stageVariables: Readonly<Record<string, string>>;
  readonly gatewayResponses: ReadonlyMap<string, GatewayResponse>;
  /** The header of the request. */
  readonly accept: string | undefined;
}

const OWN_TEMPLATES: GatewayResponse['templates'] = { 'application/json': '{"message":$context.error.messageString}' };
/** Without a template this one type alone was seen to spell it `Message`. */
const ACCESS_DENIED_TEMPLATES: GatewayResponse['templates'] = {
  'application/json': '{"Message":$context.error.messageString}',
};

/** Answers with the template's response of the type, else with its DEFAULT_4XX or DEFAULT_5XX, else with API Gateway's own. */
export function answerGatewayResponse(inputs: GatewayResponseInputs): Answer {
  const { error, gatewayResponses, accept } = inputs;
  const { statusCode, errorType } = error.row;
  const ownTemplates = error.type === 'ACCESS_DENIED' ? ACCESS_DENIED_TEMPLATES : OWN_TEMPLATES;
  const fallback = statusCode < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX';
  const response = gatewayResponses.get(error.type) ?? gatewayResponses.get(fallback);
  const ofTemplate = response?.templates ?? {};
  const templates = Object.keys(ofTemplate).length > 0 ? ofTemplate : ownTemplates;
  const contentType = pickContentType(Object.keys(templates), accept);
  return {
    statusCode: response?.statusCode ?? statusCode,
    headers: {
      'Content-Type': contentType,
      'x-amzn-ErrorType': errorType,
      ...response?.headers,
    },
    body: substitute(templates[contentType] ?? '', inputs),
  };
}

/** API Gateway's own answer of a type, whatever a template says. */
export function answerMessage(type: GatewayResponseType): Answer {
  const { statusCode, errorType, message } = GATEWAY_RESPONSES[type];
  const headers = { 'Content-Type': 'application/json', 'x-amzn-ErrorType': errorType };
  return { statusCode, headers, body: JSON.stringify({ message }) };
}

function pickContentType(contentTypes: readonly string[], accept: string | undefined): string {
  const json = 'application/json';
  return (
    contentTypes.find((type) => type === accept) ??
    contentTypes.find((type) => type === json) ??
    contentTypes[0] ??
    json
  );
}

const NAME = String.raw`((?:context|stageVariables)(?:\.[A-Za-z0-9_-]+)+)`;
const VARIABLE = new RegExp(String.raw`\$(?:${NAME}|\{${NAME}\})`, 'g');

/** Plain substitution, no template language, and nothing escaped: as API Gateway does it for gateway responses. */
function substitute(template: string, { error, context, stageVariables }: GatewayResponseInputs): string {
  const { type } = error;
  const { message } = error.row;
  const variables = {
    context: { ...context, error: { message, messageString: JSON.stringify(message), responseType: type } },
    stageVariables,
  };
  return template.replace(VARIABLE, (_whole, bare?: string, braced?: string) =>
    lookUp(variables, bare ?? braced ?? ''),
  );
}

/** An unknown variable is an empty text. */
function lookUp(variables: object, path: string): string {
  const value = path.split('.').reduce<unknown>((parent, name) => {
    return typeof parent === 'object' && parent !== null && Object.hasOwn(parent, name)
      ? (parent as Record<string, unknown>)[name]
      : undefined;
  }, variables);
  return value === undefined || value === null || typeof value === 'object' ? '' : String(value);
}
