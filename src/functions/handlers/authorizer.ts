import type { APIGatewayAuthorizerResult, APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import { errors, type JWTPayload, jwtVerify } from 'jose';
import { VARIABLES } from '../../api/environment';
import { parseScopes, printScope } from '../../api/scopes';
import { requireVariables, variable } from '../aws/environment';
import { currentKeySet } from '../http/jwks';

/** Asymmetric ones alone: nobody who knows a public key may sign with it. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];

requireVariables(VARIABLES.authorizer);

/**
 * A REST API's REQUEST authorizer: lets in who brings a token of `JWT_ISSUER` for `JWT_AUDIENCE`, with the scopes of its claim
 * `JWT_SCOPES_CLAIM` that are ours. One decision, which API Gateway keeps for a while, holds for every method of the stage.
 *
 * @throws Error('Unauthorized'), API Gateway's word for a 401, for every token that does not hold.
 */
export async function handler(event: APIGatewayRequestAuthorizerEvent): Promise<APIGatewayAuthorizerResult> {
  const token = readToken(event);
  const claims = await verify(token);
  if (typeof claims.sub !== 'string' || claims.sub === '') throw unauthorized();
  const scopes = readScopes(claims[variable('JWT_SCOPES_CLAIM')]);
  return {
    principalId: claims.sub,
    policyDocument: {
      Version: '2012-10-17',
      Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: everyMethod(event.methodArn) }],
    },
    context: { scopes },
  };
}

function readToken({ headers }: APIGatewayRequestAuthorizerEvent): string {
  const name = Object.keys(headers ?? {}).find((one) => one.toLowerCase() === 'authorization');
  const [, token] = /^Bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i.exec((name && headers?.[name]) || '') ?? [];
  if (token === undefined) throw unauthorized();
  return token;
}

async function verify(token: string): Promise<JWTPayload> {
  const issuer = variable('JWT_ISSUER');
  const audience = variable('JWT_AUDIENCE');
  if (issuer === '' || audience === '') throw new Error('JWT_ISSUER and JWT_AUDIENCE have to be set');
  const keySet = await currentKeySet();
  try {
    const { payload } = await jwtVerify(token, keySet, {
      issuer,
      audience,
      algorithms: ALGORITHMS,
      requiredClaims: ['sub', 'exp'],
    });
    return payload;
  } catch (error) {
    // A key set that cannot be had is no fault of the token: API Gateway answers 500.
    throw isTokenError(error) ? unauthorized() : error;
  }
}

/** What jose says when the keys cannot be had; its other errors are about the token. */
const KEY_SET_ERRORS = ['ERR_JOSE_GENERIC', 'ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID'];
const isTokenError = (error: unknown): boolean =>
  error instanceof errors.JOSEError && !KEY_SET_ERRORS.includes(error.code);

/** A claim is text separated by spaces, or a list. It has other applications' scopes too. */
function readScopes(claim: unknown): string {
  const text = Array.isArray(claim) ? claim.filter((one) => typeof one === 'string').join(' ') : claim;
  return typeof text === 'string' ? parseScopes(text).map(printScope).join(' ') : '';
}

// `…:API/STAGE/GET/s3objects` becomes `…:API/STAGE/*/*`.
function everyMethod(methodArn: string): string {
  const [api = '', stage = ''] = methodArn.split('/');
  return `${api}/${stage}/*/*`;
}

const unauthorized = (): Error => new Error('Unauthorized');
