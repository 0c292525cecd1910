import { createHash } from 'node:crypto';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { Action } from '../../api/actions';
import type { Caller } from './caller';

export interface AuditedGrant {
  readonly action: Action;
  readonly file?: string;
  readonly prefix?: string;
  /** How many. */
  readonly files?: number;
  /** Of an upload, in bytes. */
  readonly size?: number;
  /** Of an upload: for how many the call signed. */
  readonly parts?: number;
  /** In seconds. */
  readonly lifetime?: number;
  readonly linkId?: string;
  /** In the order of the files. */
  readonly linkIds?: readonly string[];
}

/** One log line a grant: who got what for how long. Never a link. */
export function audit(event: APIGatewayProxyEvent, { who }: Caller, grant: AuditedGrant): void {
  console.info({ audit: { who, ...grant, requestId: event.requestContext.requestId } });
}

/** Names a link in logs, here and at the edge, without opening anything: the digest of its signature. */
export function linkId(signedUrl: string): string {
  const [, signature = ''] = /[?&]Signature=([^&]+)/.exec(signedUrl) ?? [];
  return createHash('sha256').update(signature).digest('hex').slice(0, 16);
}
