// nginx with secure_link: the closest that a plain web server has to a signed URL, an MD5 over expiry, path and a secret.
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from './free-port.mjs';
import { isInstalled, startServer } from './processes.mjs';

/** Debian keeps it where only root looks. */
const command = ['nginx', '/usr/sbin/nginx'].find(isInstalled);
const SECRET = 'bench';
const EXPIRES = 4_000_000_000;

/** Its best honest setup: sendfile, cached descriptors, no access log, connections that are never closed for their age. */
const configuration = ({ workers, files, port }) => `
daemon off;
pid nginx.pid;
worker_processes ${workers};
${process.getuid() === 0 ? 'user root;' : ''}
error_log stderr notice;
events {
  worker_connections 4096;
  multi_accept on;
}
http {
  access_log off;
  sendfile on;
  tcp_nopush on;
  open_file_cache max=10000 inactive=1h;
  open_file_cache_valid 1h;
  keepalive_timeout 1h;
  keepalive_requests 1000000000;
  default_type application/octet-stream;
  client_body_temp_path temp;
  proxy_temp_path temp;
  fastcgi_temp_path temp;
  uwsgi_temp_path temp;
  scgi_temp_path temp;
  server {
    listen 127.0.0.1:${port} reuseport backlog=4096;
    root ${files};
    location / {
      secure_link $arg_md5,$arg_expires;
      secure_link_md5 "$secure_link_expires$uri ${SECRET}";
      if ($secure_link = "") { return 403; }
      if ($secure_link = "0") { return 410; }
    }
  }
}
`;

export const hasNginx = command !== undefined;

export async function startNginx({ folder, files, workers, cores }) {
  const prefix = join(folder, 'nginx');
  mkdirSync(prefix);
  const port = await freePort();
  writeFileSync(join(prefix, 'nginx.conf'), configuration({ workers, files, port }));
  const server = await startServer('nginx', command, ['-p', prefix, '-c', 'nginx.conf', '-e', 'stderr'], {
    cores,
    ready: /start worker process(?!es)/,
  });
  const urlOf = (file) => {
    const md5 = createHash('md5').update(`${EXPIRES}/${file} ${SECRET}`).digest('base64url');
    return `http://127.0.0.1:${port}/${file}?md5=${md5}&expires=${EXPIRES}`;
  };
  return { ...server, port, urlOf, unsignedUrlOf: (file) => `http://127.0.0.1:${port}/${file}` };
}
