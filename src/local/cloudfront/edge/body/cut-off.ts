import type { ServerResponse } from 'node:http';
import type { ServerHttp2Stream } from 'node:http2';

/** Source: RFC 9113, 7: INTERNAL_ERROR. `node:http2` has it as a constant, and takes long to load. */
const HTTP2_INTERNAL_ERROR = 2;

/**
 * Ends an answer so that its viewer knows it is not whole: HTTP/1.1's connection is cut. HTTP/2's stream has to say so; one that is
 * merely destroyed looks complete to some.
 */
export function cutOff(response: ServerResponse): void {
  const { stream } = response as { stream?: ServerHttp2Stream };
  if (stream) stream.close(HTTP2_INTERNAL_ERROR);
  else response.destroy();
}
