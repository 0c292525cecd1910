import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { portHolder } from './port-holder';

/** Another process has the port that a home needs. */
export class PortTakenError extends Error {
  override readonly name = 'PortTakenError';
  readonly code = 'ERR_PORT_TAKEN';
}

/** Listens on 127.0.0.1 and answers the port. @throws PortTakenError naming the process that has it. */
export async function listen(server: Server, port: number, option: string): Promise<number> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => {
        server.off('error', reject);
        resolve();
      });
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    const holder = (await portHolder(port)) ?? 'another process';
    throw new PortTakenError(`port ${port} is taken by ${holder}; stop it, or choose another port with ${option} N`);
  }
  return (server.address() as AddressInfo).port;
}

/** Ends idle connections at once, gives running requests a moment, then closes what is left. */
export function closeServer(server: Server, graceMs = 3_000): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });
}
