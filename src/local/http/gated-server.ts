import { createServer, type RequestListener } from 'node:http';
import { closeServer, listen } from './listen';

/** A server that listens before anything is there to answer. */
export interface GatedServer {
  readonly port: number;
  readonly url: string;
  /** Hands requests to the listener from now on; before, they are answered 503. */
  serve(listener: RequestListener, options?: ServeOptions): void;
  close(): Promise<void>;
}

interface ServeOptions {
  /**
   * Hands over requests with `Expect: 100-continue` before their body is asked for, which is then the listener's to do.
   * @default false
   */
  readonly asksForBody?: boolean;
}

/**
 * A client that sends a request just when the server closes its idle connection gets ECONNRESET. Node's default of five seconds lets
 * that happen between two commands of a person; after a minute, clients have let their connections end.
 */
export const KEEP_ALIVE_MS: number = 65_000;

const unavailable: RequestListener = (_request, response) => void response.writeHead(503).end();

/** @param option The command's option that chooses the port. @throws LocalError */
export async function openGatedServer(port: number, option: string): Promise<GatedServer> {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, unavailable);
  const taken = await listen(server, port, option);
  return {
    port: taken,
    url: `http://127.0.0.1:${taken}`,
    serve(listener, { asksForBody = false } = {}) {
      server.off('request', unavailable).on('request', listener);
      if (asksForBody) server.on('checkContinue', listener);
    },
    close: () => closeServer(server),
  };
}
