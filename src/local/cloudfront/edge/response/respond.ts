import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { ByteRange } from '../../../http/byte-range';
import { type Body, sizeOf } from '../body/body';
import { cutOff } from '../body/cut-off';
import { sendFiles } from '../body/send-files';
import type { Viewer } from '../viewer';
import type { AnswerHeaders } from './answers';
import {
  edgeHeaders,
  type HtmlReason,
  htmlBody,
  redirectBody,
  type ViewerAccessCode,
  viewerAccessBody,
} from './answers';

/** A request on its way to its answer. */
export interface Exchange {
  readonly viewer: Viewer;
  readonly response: ServerResponse;
  /** `X-Amz-Cf-Id`. */
  readonly id: string;
}

/** Refuses with the page of CloudFront's own. */
export function answerPage(exchange: Exchange, reason: HtmlReason): void {
  const { status, body } = htmlBody(reason, exchange.id);
  const closing = status === 413 && exchange.viewer.httpVersion.startsWith('1.') ? { Connection: 'close' } : {};
  end(exchange, { status, type: 'text/html', body, xCache: 'Error from cloudfront', headers: closing });
}

export function answerViewerAccess(exchange: Exchange, code: ViewerAccessCode, headers: AnswerHeaders): void {
  const body = viewerAccessBody(code);
  end(exchange, { status: 403, type: 'text/xml', body, xCache: 'Error from cloudfront', headers });
}

/** @param location Where the same request is served. */
export function answerRedirect(exchange: Exchange, status: 301 | 307, location: string): void {
  const body = redirectBody(status);
  const headers = { Location: location };
  end(exchange, { status, type: 'text/html', body, xCache: 'Redirect from cloudfront', headers });
}

interface OwnAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly xCache: string;
  readonly headers: AnswerHeaders;
}

function end({ viewer, response, id }: Exchange, { status, type, body, xCache, headers }: OwnAnswer): void {
  response.writeHead(status, {
    Server: 'CloudFront',
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(body),
    ...edgeHeaders(id, xCache),
    ...(headers as Record<string, string>),
  });
  response.end(viewer.method === 'HEAD' ? undefined : body);
}

/** A viewer that goes away in the middle is no failure. Resolves when the bytes are handed over. */
export function sendBody(
  response: ServerResponse,
  body: Body | undefined,
  range?: ByteRange,
): Promise<void> | undefined {
  if (body === undefined) {
    response.end();
    return undefined;
  }
  if (body.kind === 'memory') {
    if (range) response.end(body.bytes.subarray(range.start, range.end + 1));
    else if (body.text !== undefined) response.end(body.text, 'latin1');
    else response.end(body.bytes);
    return undefined;
  }
  if (body.kind === 'stream') return pipeline(body.stream, response).catch(() => cutOff(response));
  return sendFiles(response, body.files.pieces, range ?? { start: 0, end: sizeOf(body) - 1 });
}
