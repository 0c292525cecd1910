import type { IncomingMessage } from 'node:http';
import type { ProxyEvent } from '../integration/event';
import type { RequestContext, RequestIdentity } from '../request/request-context';

/** A request for a method that asks who calls. */
export interface Attempt {
  readonly request: IncomingMessage;
  /** `arn:aws:execute-api:REGION:ACCOUNT:API/STAGE/METHOD/PATH` with the path as it was sent. */
  readonly methodArn: string;
  /** `arn:aws:execute-api:REGION:ACCOUNT:API` */
  readonly apiArn: string;
  readonly accountId: string;
  readonly sourceIp: string;
  readonly nowMs: number;
  /** The request as a function gets it, without the body. */
  readonly event: () => ProxyEvent;
  readonly body: () => Promise<Buffer>;
}

/** What is known of a caller who may call. */
export interface Admitted {
  readonly identity?: Partial<RequestIdentity>;
  readonly authorizer?: NonNullable<RequestContext['authorizer']>;
  /** The API key, where the API takes it from its authorizer. */
  readonly usageIdentifierKey?: string | undefined;
}
