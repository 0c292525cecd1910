import type { AppliedResource } from './cloudformation/resource-type';

/** What a stack's JWT authorizer asks of a token. */
export interface TokenSettings {
  readonly issuer: string;
  readonly audience: string;
  /** The claim that holds the scopes. */
  readonly scopesClaim: string;
}

/** Read from the environment of the function that an authorizer of the API asks; undefined where the stack has none for tokens. */
export function tokenSettings(resources: ReadonlyMap<string, AppliedResource>): TokenSettings | undefined {
  const all = [...resources.values()];
  const uris = all.filter(({ type }) => type === 'AWS::ApiGateway::Authorizer').map(({ properties }) => properties);
  const functions = all.filter(
    ({ type, attributes }) =>
      type === 'AWS::Lambda::Function' &&
      uris.some(({ AuthorizerUri }) => String(AuthorizerUri).includes(`/functions/${attributes.Arn}/invocations`)),
  );
  return functions.map(readVariables).find((settings) => settings !== undefined);
}

function readVariables({ properties }: AppliedResource): TokenSettings | undefined {
  const { Variables = {} } = (properties.Environment ?? {}) as { Variables?: Readonly<Record<string, string>> };
  const { JWT_ISSUER: issuer, JWT_AUDIENCE: audience, JWT_SCOPES_CLAIM: scopesClaim = 'scope' } = Variables;
  return issuer && audience ? { issuer, audience, scopesClaim } : undefined;
}
