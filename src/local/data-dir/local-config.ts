import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from '../files/replace-file';

/** The servers of a local runtime; `https` is the distribution's second one, where it is asked for. */
export type ServerName = 'aws' | 'api' | 'distribution' | 'https';

/** Ports by server; 0 stands for any free one. */
export type Ports = Partial<Record<ServerName, number>>;

/** Where a local runtime listens when nobody says otherwise. */
const DEFAULT_PORTS: Readonly<Record<ServerName, number>> = {
  aws: 8170,
  api: 8171,
  distribution: 8172,
  https: 8173,
};

/** Returns the requested port; a saved one before "any free one", because links carry it; the default on the first boot. */
export function choosePort(server: ServerName, requested: Ports, saved: Ports): number {
  return requested[server] || saved[server] || (requested[server] ?? DEFAULT_PORTS[server]);
}

/** What a local runtime keeps for good: links carry the ports, shells the credentials. */
export interface LocalConfig {
  readonly accountId: string;
  readonly region: string;
  readonly developer: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly ports: Ports;
}

const pathOf = (dataDir: string): string => join(dataDir, 'home.json');

/** Reads the data folder's configuration, or undefined when no local runtime has been there. */
export function readLocalConfig(dataDir: string): LocalConfig | undefined {
  const path = pathOf(dataDir);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as LocalConfig) : undefined;
}

/** Reads the configuration, or makes one with credentials of its own. */
export function openLocalConfig(dataDir: string): LocalConfig {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const existing = readLocalConfig(dataDir);
  if (existing) return existing;
  const config: LocalConfig = {
    accountId: '000000000000',
    region: 'us-east-1',
    developer: {
      accessKeyId: `AKIA${randomBytes(8).toString('hex').toUpperCase()}`,
      secretAccessKey: randomBytes(30).toString('base64'),
    },
    ports: {},
  };
  saveLocalConfig(dataDir, config);
  return config;
}

export function saveLocalConfig(dataDir: string, config: LocalConfig): void {
  replaceFile(pathOf(dataDir), JSON.stringify(config, null, 2));
}
