// @fastify/static as its README shows it, in one process. It checks no signature. Run by itself it is the server: `FOLDER`.
import { fileURLToPath } from 'node:url';
import { startServer } from './processes.mjs';

const SELF = fileURLToPath(import.meta.url);

export async function startFastifyStatic({ files, cores }) {
  const server = await startServer('@fastify/static', process.execPath, [SELF, files], { cores, ready: /^http:.*$/m });
  const [url] = server.printed;
  return { ...server, port: Number(new URL(url).port), urlOf: (file) => `${url}/${file}` };
}

if (process.argv[1] === SELF) {
  const { default: fastify } = await import('fastify');
  const { default: fastifyStatic } = await import('@fastify/static');
  const app = fastify();
  await app.register(fastifyStatic, { root: process.argv[2] });
  console.log(await app.listen({ host: '127.0.0.1', port: 0 }));
}
