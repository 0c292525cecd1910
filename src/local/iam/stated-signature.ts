import type { IncomingHttpHeaders } from 'node:http';
import { SignatureError } from './signature-error';

/** A request as it came over the wire. */
export interface SignedRequest {
  readonly method: string;
  readonly rawPath: string;
  readonly rawQuery: string;
  readonly headers: IncomingHttpHeaders;
}

/** What a request says about its own signature; nothing of it is believed yet. */
export interface StatedSignature {
  readonly accessKeyId: string;
  /** `20260101` */
  readonly date: string;
  readonly region: string;
  readonly service: string;
  /** `20260101/us-east-1/s3/aws4_request` */
  readonly scope: string;
  /** `20260101T000000Z` */
  readonly amzDate: string;
  readonly signedHeaders: readonly string[];
  /** 64 hexadecimal digits. */
  readonly signature: string;
  readonly securityToken: string | undefined;
  readonly isPresigned: boolean;
  /** Seconds, for a presigned URL. */
  readonly expires?: number;
  /** `X-Amz-Content-Sha256` of a presigned URL. */
  readonly hashedPayload?: string | undefined;
}

const LONGEST_EXPIRY_SECONDS = 7 * 24 * 3600;

/** @throws SignatureError AccessDenied when there is no signature at all: nobody is anonymous here. */
export function readSignature(request: SignedRequest): StatedSignature {
  const { authorization } = request.headers;
  const query = new URLSearchParams(request.rawQuery.replaceAll('+', '%2B'));
  const isPresigned = query.has('X-Amz-Algorithm') || query.has('X-Amz-Signature');
  if (authorization && isPresigned) {
    throw new SignatureError(
      'AuthorizationHeaderMalformed',
      'only one way to sign is allowed: a header, or X-Amz- parameters',
    );
  }
  if (authorization?.startsWith('AWS ')) throw new SignatureError('InvalidRequest');
  if (authorization) return readHeader(authorization, request);
  if (isPresigned) return readQuery(query);
  if (query.has('AWSAccessKeyId') && query.has('Signature')) throw new SignatureError('InvalidRequest');
  throw new SignatureError('AccessDenied');
}

function readHeader(authorization: string, { headers }: SignedRequest): StatedSignature {
  const malformed = (detail: string): SignatureError => new SignatureError('AuthorizationHeaderMalformed', detail);
  const parts = authorization.match(
    /^AWS4-HMAC-SHA256 +Credential=([^,]+), *SignedHeaders=([^,]+), *Signature=([0-9a-f]{64})$/,
  );
  if (!parts) throw malformed('it has to be AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…');
  const [, credential = '', signedHeaders = '', signature = ''] = parts;
  const amzDate = headers['x-amz-date'];
  if (typeof amzDate !== 'string')
    throw new SignatureError('AccessDenied', 'AWS authentication requires a valid x-amz-date header');
  const token = headers['x-amz-security-token'];
  return {
    ...readCredential(credential, malformed),
    amzDate,
    signedHeaders: signedHeaders.split(';'),
    signature,
    securityToken: typeof token === 'string' ? token : undefined,
    isPresigned: false,
  };
}

function readQuery(query: URLSearchParams): StatedSignature {
  const malformed = (detail: string): SignatureError => new SignatureError('AuthorizationQueryParametersError', detail);
  const one = (name: string): string => {
    const values = query.getAll(name);
    if (values.length !== 1 || !values[0]) throw malformed(`the URL needs one parameter ${name}`);
    return values[0];
  };
  if (one('X-Amz-Algorithm') !== 'AWS4-HMAC-SHA256')
    throw malformed('X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"');
  const expires = one('X-Amz-Expires');
  if (!/^\d{1,6}$/.test(expires) || Number(expires) > LONGEST_EXPIRY_SECONDS) {
    throw malformed('X-Amz-Expires must be a number of seconds, less than a week (604800)');
  }
  const signature = one('X-Amz-Signature');
  if (!/^[0-9a-f]{64}$/.test(signature)) throw new SignatureError('SignatureDoesNotMatch');
  return {
    ...readCredential(one('X-Amz-Credential'), malformed),
    amzDate: one('X-Amz-Date'),
    signedHeaders: one('X-Amz-SignedHeaders').split(';'),
    signature,
    securityToken: query.get('X-Amz-Security-Token') ?? undefined,
    isPresigned: true,
    expires: Number(expires),
    hashedPayload: query.get('X-Amz-Content-Sha256') ?? undefined,
  };
}

export function readCredential(
  credential: string,
  malformed: (detail: string) => SignatureError,
): Pick<StatedSignature, 'accessKeyId' | 'date' | 'region' | 'service' | 'scope'> {
  const parts = credential.split('/');
  const [accessKeyId = '', date = '', region = '', service = '', terminator] = parts;
  if (parts.length !== 5 || terminator !== 'aws4_request' || !/^\d{8}$/.test(date)) {
    throw malformed('the Credential has to be KEYID/YYYYMMDD/REGION/SERVICE/aws4_request');
  }
  return { accessKeyId, date, region, service, scope: parts.slice(1).join('/') };
}
