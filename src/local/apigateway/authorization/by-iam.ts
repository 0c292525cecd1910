import { createHash } from 'node:crypto';
import type { FindAccessKey } from '../../iam/principal';
import { SignatureError, type SignatureErrorCode } from '../../iam/signature-error';
import { type VerifiedSignature, verifySignature } from '../../iam/signature-v4';
import { GatewayError, type GatewayErrorDetail } from '../errors';
import type { AuthorizationRequest, AuthorizedCaller } from './authorization-request';
import { checkMethodPolicy } from './method-policy';

/** All services but S3 take a signature for five minutes; API Gateway says so in what it answers to an older one. */
const CLOCK_SKEW_MS = 5 * 60_000;

/**
 * `AuthorizationType: AWS_IAM`: the signature, over the body too, then the caller's policies.
 *
 * By design: temporary credentials end with the local runtime that made them, so a key of that kind that it does not know is an expired
 * one. Nothing of a header, a signature or what was signed is repeated in an answer, as AWS does.
 */
export function authorizeByIam(
  { region, findAccessKey }: { readonly region: string; readonly findAccessKey: FindAccessKey },
  request: AuthorizationRequest,
  body: Buffer,
): AuthorizedCaller {
  const { accessKey } = verify({ region, findAccessKey }, request, body);
  const principal = accessKey.principal();
  const { arn: userArn, accountId, userId = null } = principal;
  // AWS hides most of the account.
  const hidden = request.methodArn.replace(/:\d{8}(\d{4}):/, ':********$1:');
  checkMethodPolicy(
    request,
    principal,
    `User: ${userArn} is not authorized to perform: execute-api:Invoke on resource: ${hidden}`,
  );
  return { identity: { accessKey: accessKey.accessKeyId, accountId, caller: userId, user: userId, userArn } };
}

function verify(
  { region, findAccessKey }: { readonly region: string; readonly findAccessKey: FindAccessKey },
  { request, nowMs }: AuthorizationRequest,
  body: Buffer,
): VerifiedSignature {
  const [rawPath = '', rawQuery = ''] = splitOnce(request.url ?? '/');
  if (!isSigned(request.headers.authorization, rawQuery)) throw new GatewayError('MISSING_AUTHENTICATION_TOKEN');
  // CloudFront adds it on the way.
  const { 'x-amz-cf-id': _added, ...headers } = request.headers;
  let accessKeyId = '';
  try {
    return verifySignature(
      { method: request.method ?? '', rawPath, rawQuery, headers },
      {
        region,
        services: ['execute-api'],
        findAccessKey(stated) {
          accessKeyId = stated;
          return findAccessKey(stated);
        },
        now: new Date(nowMs),
        bodyHash: createHash('sha256').update(body).digest('hex'),
        clockSkewMs: CLOCK_SKEW_MS,
      },
    );
  } catch (error) {
    throw error instanceof SignatureError ? refusalOf(error, accessKeyId) : error;
  }
}

const UNKNOWN_TOKEN: GatewayErrorDetail = {
  errorType: 'UnrecognizedClientException',
  message: 'The security token included in the request is invalid.',
};

/** What API Gateway says, where it is not the type's own words. [UNV] That they all have the type INVALID_SIGNATURE. */
const WORDS: Partial<Record<SignatureErrorCode, GatewayErrorDetail>> = {
  InvalidAccessKeyId: UNKNOWN_TOKEN,
  InvalidToken: UNKNOWN_TOKEN,
  RequestTimeTooSkewed: { message: 'Signature expired: it was made more than 5 min. from now' },
  SignatureDoesNotMatch: {},
};

function refusalOf({ code, message }: SignatureError, accessKeyId: string): GatewayError {
  if (code === 'InvalidAccessKeyId' && accessKeyId.startsWith('ASIA')) return new GatewayError('EXPIRED_TOKEN');
  if (code === 'AccessDenied') return new GatewayError('INVALID_SIGNATURE', { message });
  const words = WORDS[code] ?? { errorType: 'IncompleteSignatureException', message };
  return new GatewayError('INVALID_SIGNATURE', words);
}

const isSigned = (authorization: string | undefined, rawQuery: string): boolean =>
  authorization !== undefined || /(?:^|&)X-Amz-(?:Algorithm|Signature)=/.test(rawQuery);

function splitOnce(url: string): readonly string[] {
  const mark = url.indexOf('?');
  return mark < 0 ? [url] : [url.slice(0, mark), url.slice(mark + 1)];
}
