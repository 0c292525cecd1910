import { checkPolicy } from '../../iam/check-policy';
import type { OneOrMany, PolicyDocument, PolicyStatement } from '../../iam/policy-document';

/** What a Lambda authorizer says of a caller. */
export interface AuthorizerAnswer {
  readonly principalId: string;
  readonly policy: PolicyDocument;
  /** As functions get it: all values are strings. */
  readonly context: Readonly<Record<string, string>>;
  readonly usageIdentifierKey: string | undefined;
}

type Values = Readonly<Record<string, unknown>>;

/** Source: API Gateway Developer Guide, "Output from an API Gateway Lambda authorizer": the longest resource of a statement. */
const LONGEST_RESOURCE = 512;

/**
 * The answer in a function's payload; undefined when it is not what API Gateway takes.
 * Source: API Gateway Developer Guide, "Output from an API Gateway Lambda authorizer". That a null in the context is refused, and that
 * numbers and booleans become strings, was observed.
 */
export function readAuthorizerAnswer(payload: string): AuthorizerAnswer | undefined {
  const answer = parseObject(payload);
  if (!answer) return undefined;
  const { principalId, policyDocument, context = {}, usageIdentifierKey } = answer;
  const policy = readPolicy(policyDocument);
  const isNamed = (typeof principalId === 'string' && principalId !== '') || typeof principalId === 'number';
  const isKeyValid = isNone(usageIdentifierKey) || typeof usageIdentifierKey === 'string';
  if (!isNamed || !policy || !isKeyValid || !isObject(context)) return undefined;
  if (!Object.values(context).every((value) => ['string', 'number', 'boolean'].includes(typeof value)))
    return undefined;
  return {
    principalId: String(principalId),
    policy,
    context: Object.fromEntries(Object.entries(context).map(([name, value]) => [name, String(value)])),
    usageIdentifierKey: usageIdentifierKey ?? undefined,
  };
}

function readPolicy(document: unknown): PolicyDocument | undefined {
  try {
    const policy = checkPolicy(document, 'policyDocument');
    const statements = [policy.Statement].flat() as readonly PolicyStatement[];
    return statements.length > 0 && statements.every(isComplete) ? policy : undefined;
  } catch {
    return undefined;
  }
}

function isComplete({ Action, NotAction, Resource, NotResource }: PolicyStatement): boolean {
  return areTexts(Action ?? NotAction, Number.POSITIVE_INFINITY) && areTexts(Resource ?? NotResource, LONGEST_RESOURCE);
}

function areTexts(value: OneOrMany<string> | undefined, longest: number): boolean {
  const texts: unknown[] = [value].flat();
  return texts.length > 0 && texts.every((text) => typeof text === 'string' && text !== '' && text.length <= longest);
}

function parseObject(payload: string): Values | undefined {
  try {
    const value: unknown = JSON.parse(payload);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isNone = (value: unknown): value is null | undefined => value === null || value === undefined;
const isObject = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
