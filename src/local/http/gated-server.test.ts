import { once } from 'node:events';
import { request } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openGatedServer } from './gated-server';

async function startServer() {
  const server = await openGatedServer(0, '--port');
  onTestFinished(() => server.close());
  return server;
}

describe('a server that listens before anything is there to answer', () => {
  it('answers 503 until it has a listener, then what that says', async () => {
    const { url, serve } = await startServer();
    expect((await fetch(url)).status).toBe(503);
    serve((_request, response) => void response.end('there'));
    expect(await (await fetch(url)).text()).toBe('there');
  });

  it('leaves it to the listener to ask for an announced body', async () => {
    const { port, serve } = await startServer();
    serve((_request, response) => void response.writeHead(403).end(), { asksForBody: true });
    const outgoing = request({ port, method: 'PUT', headers: { expect: '100-continue' } });
    let isContinued = false;
    outgoing.on('continue', () => {
      isContinued = true;
    });
    outgoing.flushHeaders();
    const [response] = await once(outgoing, 'response');
    outgoing.destroy();
    expect([response.statusCode, isContinued]).toEqual([403, false]);
  });

  it('names the option that chooses another port where its own is taken', async () => {
    const { port } = await startServer();
    await expect(openGatedServer(port, '--port')).rejects.toMatchObject({
      code: 'ERR_PORT_TAKEN',
      message: expect.stringContaining('--port N'),
    });
  });
});
