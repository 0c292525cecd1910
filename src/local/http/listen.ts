import type { Server as HttpServer } from 'node:http';
import type { Http2SecureServer } from 'node:http2';
import type { AddressInfo, Server, Socket } from 'node:net';
import { LocalError } from '../errors';
import { portHolder } from './port-holder';

/** Listens on 127.0.0.1 and returns the port. @throws LocalError naming the process that has it. */
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
    throw new LocalError(
      'ERR_PORT_TAKEN',
      `port ${port} is taken by ${holder}; stop it, or choose another port with ${option} N`,
    );
  }
  return (server.address() as AddressInfo).port;
}

/** Ends idle connections at once, gives running requests a moment, then closes what is left. */
export function closeServer(server: HttpServer, graceMs = 3_000): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });
}

/** The same where a connection is a session of HTTP/2, which ends by itself once its streams have. */
export function trackSessions(server: Http2SecureServer): (graceMs?: number) => Promise<void> {
  const sockets = new Set<Socket>();
  const sessions = new Set<{ close(): void }>();
  server.on('secureConnection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
  });
  return (graceMs = 3_000) =>
    new Promise((resolve) => {
      const timer = setTimeout(() => {
        for (const socket of sockets) socket.destroy();
      }, graceMs);
      server.close(() => {
        clearTimeout(timer);
        resolve();
      });
      for (const session of sessions) session.close();
    });
}
