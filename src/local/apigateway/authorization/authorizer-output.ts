import { checkPolicy } from '../../iam/check-policy';
import type { OneOrMany, PolicyDocument, PolicyStatement } from '../../iam/policy-document';
import { isObject, parseObject } from '../integration/json-object';

/** The output of a Lambda authorizer: who calls, and what they may do. */
export interface AuthorizerOutput {
  readonly principalId: string;
  readonly policy: PolicyDocument;
  /** As functions get it: all values are strings. */
  readonly context: Readonly<Record<string, string>>;
  readonly usageIdentifierKey: string | undefined;
}

/** Source: API Gateway Developer Guide, "Output from an API Gateway Lambda authorizer": the longest resource of a statement. */
const LONGEST_RESOURCE = 512;

/**
 * Reads the output from a function's payload; undefined when it is not what API Gateway takes.
 * Source: API Gateway Developer Guide, "Output from an API Gateway Lambda authorizer". That a null in the context is refused, and that
 * numbers and booleans become strings, was observed.
 */
export function readAuthorizerOutput(payload: string): AuthorizerOutput | undefined {
  const output = parseObject(payload);
  if (!output) return undefined;
  const { principalId, policyDocument, context = {}, usageIdentifierKey } = output;
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

const isNone = (value: unknown): value is null | undefined => value === null || value === undefined;
