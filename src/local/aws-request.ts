import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import type { Principal } from './iam/principal';
import type { ChunkSigning } from './iam/signature-v4';

/** A request that reached the AWS endpoint and whose signature held. */
export interface AwsRequest {
  readonly method: string;
  /** The path exactly as sent, percent-encoding included: signatures and object keys are about these bytes. */
  readonly rawPath: string;
  /** The query string exactly as sent, without `?`. */
  readonly rawQuery: string;
  readonly headers: IncomingHttpHeaders;
  /** The body as it came over the wire (an `aws-chunked` one still framed). */
  readonly body: Readable;
  readonly principal: Principal;
  /** The address the request came from; absent for a service that asks in process. */
  readonly sourceIp?: string | undefined;
  /** Whether the signature came in the URL. */
  readonly isPresigned?: boolean | undefined;
  /** Unique; answered as `x-amz-request-id`. */
  readonly requestId: string;
  /** What later chunk signatures chain from; only for a header-signed request. */
  readonly chunkSigning?: ChunkSigning | undefined;
  /** `x-amz-content-sha256` of the request, or `UNSIGNED-PAYLOAD` for a presigned URL. */
  readonly payloadHash: string;
}
