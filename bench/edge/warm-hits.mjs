// A file that the edge has already served, over and over: the local runtime beside nginx, @fastify/static and moto_server; then its memory.
import { setTimeout } from 'node:timers/promises';
import { residentBytes } from './processes.mjs';
import { row, takeTurns } from './rounds.mjs';

const AIMS = { '1 KiB': 0.9, '64 KiB': 1, '1 MiB': 1.3 };

export async function warmHits({ load, rounds, seconds, local, nginx, fastify, moto }, files) {
  const rows = [];
  const ask = (server, url, headers) => () => load.ask(server, url, seconds, headers);
  for (const [size, { file, signedUrl }] of Object.entries(files)) {
    const peers = {
      ...(nginx && { nginx: ask(nginx, nginx.urlOf(file)) }),
      ...(size === '1 KiB' && fastify && { fastify: ask(fastify, fastify.urlOf(file)) }),
      ...(size === '1 KiB' && moto && { moto: ask(moto, moto.url) }),
    };
    if (Object.keys(peers).length === 0) continue;
    const samples = await takeTurns(rounds, { local: ask(local, signedUrl), ...peers });
    const compare = (name, peer, atLeast) => {
      if (samples[peer]) rows.push(row(`${size}, warm, ${name}`, samples.local, samples[peer], { atLeast }));
    };
    compare('to nginx', 'nginx', AIMS[size]);
    compare('to @fastify/static, which checks no signature', 'fastify', 5);
    compare("to moto_server's presigned GET", 'moto', 30);
  }
  if (nginx) rows.push(await newConnections({ ask, rounds, local, nginx }, files['1 KiB']));
  return [...rows, ...(await memory({ load, seconds, local, fastify }, files['1 KiB']))];
}

async function newConnections({ ask, rounds, local, nginx }, { file, signedUrl }) {
  const close = ['Connection: close'];
  const samples = await takeTurns(rounds, {
    local: ask(local, signedUrl, close),
    nginx: ask(nginx, nginx.urlOf(file), close),
  });
  return row('1 KiB, warm, a new connection each, to nginx', samples.local, samples.nginx, { atLeast: 0.95 });
}

/** While connections are open: they tell which processes serve. */
async function memory({ load, seconds, local, fastify }, { file, signedUrl }) {
  const under = async (server, url) => {
    const loaded = load.ask(server, url, seconds);
    await setTimeout((seconds * 1000) / 2);
    const bytes = residentBytes(server);
    await loaded;
    return bytes;
  };
  const edge = await under(local, signedUrl);
  const rows = [{ name: 'resident memory of the edge after all this, to before', ratio: edge / local.residentAtFirst }];
  if (!fastify) return rows;
  const peer = await under(fastify, fastify.urlOf(file));
  return [...rows, { name: 'resident memory of the edge after all this, to @fastify/static', ratio: edge / peer }];
}
