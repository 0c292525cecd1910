import type { IncomingHttpHeaders } from 'node:http';
import { type Xml, xmlElements } from '../../xml';

/** One operation of CloudFront's control API. */
export interface ControlOperation {
  /** As IAM names it, without `cloudfront:`. */
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Of the path after the API's version; its groups are the ids. */
  readonly path: RegExp;
  /** The ARN that a policy has to allow, whether or not there is such a resource. `*` where CloudFront knows no narrower one. */
  resource(ids: readonly string[], accountId: string): string;
  run(call: ControlCall): Promise<ControlAnswer> | ControlAnswer;
}

export interface ControlCall {
  readonly ids: readonly string[];
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** XML, or empty. */
  readonly body: string;
}

export interface ControlAnswer {
  readonly status: 200 | 201 | 204;
  readonly body?: string;
  /** Path of what was made. */
  readonly location?: string;
  readonly etag?: string;
}

/** CloudFront refuses. `code` is CloudFront's own word. */
export class CloudFrontApiError extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export const API_VERSION = '/2020-05-31';
const NAMESPACE = `http://cloudfront.amazonaws.com/doc${API_VERSION}/`;

export const document = (root: string, content: Xml): string =>
  `<?xml version="1.0"?>\n${xmlElements({ [`${root} xmlns="${NAMESPACE}"`]: content })}`;
