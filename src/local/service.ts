import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import type { AwsRequest } from './aws-request';
import type { Clock } from './clock';
import type { ResourceTypes } from './cloudformation/resource-type';
import type { Authorize } from './iam/authorize';
import type { SignatureError } from './iam/signature-error';

/** An AWS service of the local runtime: what a template can have of it, what it answers, and its end. */
export interface Service {
  /** The types of CloudFormation resources that it provides. */
  readonly resourceTypes: ResourceTypes;
  /** Its API behind the AWS endpoint; absent where only templates reach the service. */
  readonly api?: ServiceApi;
  /** Begins its work for the outside, once the stack is there. @throws LocalError */
  open?(): Promise<void> | void;
  /** Ends what runs in it, and resolves when that has ended. */
  close(): Promise<void> | void;
}

/** Requests in, responses out: it needs no socket, and the endpoint alone writes to one. */
export interface ServiceApi {
  /** Answers a request whose signature held; an error of the service is a response too. Rejects for what nobody should be able to cause. */
  answer(request: AwsRequest): Promise<ServiceResponse>;
  /** Answers a request without a signature of its own, a CORS preflight or a form; undefined where the request is neither. */
  answerUnsigned?(request: UnsignedRequest): Promise<ServiceResponse | undefined>;
  /** Returns this service's words for a signature that does not hold. */
  refuse(error: SignatureError, requestId: string): ServiceResponse;
}

export interface ServiceResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | number>>;
  readonly body?: string | Readable | undefined;
}

/** A request that nobody has vouched for yet. */
export interface UnsignedRequest {
  readonly incoming: IncomingMessage;
  readonly rawPath: string;
  readonly rawQuery: string;
  readonly requestId: string;
}

/** The surroundings that every service with an API is opened with. */
export interface ServiceOptions {
  readonly region: string;
  readonly accountId: string;
  readonly authorize: Authorize;
  readonly now: Clock;
}
