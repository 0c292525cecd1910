import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { replaceFile } from '../files/replace-file';

export interface PublicKeyRecord {
  readonly id: string;
  readonly name: string;
  readonly callerReference: string;
  readonly comment: string;
  /** PEM. */
  readonly encodedKey: string;
  /** ISO 8601. */
  readonly createdTime: string;
  readonly etag: string;
}

export interface KeyGroupRecord {
  readonly id: string;
  readonly name: string;
  readonly comment: string;
  /** Public key ids. */
  readonly items: readonly string[];
  /** ISO 8601. */
  readonly lastModifiedTime: string;
  readonly etag: string;
}

/** The account's public keys and key groups, whoever made them: a template, or a call of CloudFront's API. */
export interface KeyStore {
  readonly publicKeys: ReadonlyMap<string, PublicKeyRecord>;
  readonly keyGroups: ReadonlyMap<string, KeyGroupRecord>;
  keepPublicKey(key: PublicKeyRecord): void;
  keepKeyGroup(group: KeyGroupRecord): void;
  forgetPublicKey(id: string): void;
  forgetKeyGroup(id: string): void;
}

interface Stored {
  readonly publicKeys: readonly PublicKeyRecord[];
  readonly keyGroups: readonly KeyGroupRecord[];
}

/** @param path The file that holds them, replaced whole at every change; undefined keeps them in memory. */
export function openKeyStore(path: string | undefined): KeyStore {
  const stored: Stored =
    path !== undefined && existsSync(path)
      ? (JSON.parse(readFileSync(path, 'utf8')) as Stored)
      : { publicKeys: [], keyGroups: [] };
  const publicKeys = new Map(stored.publicKeys.map((key) => [key.id, key]));
  const keyGroups = new Map(stored.keyGroups.map((group) => [group.id, group]));

  function save(): void {
    if (path === undefined) return;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const all: Stored = { publicKeys: [...publicKeys.values()], keyGroups: [...keyGroups.values()] };
    replaceFile(path, JSON.stringify(all, null, 1));
  }

  return {
    publicKeys,
    keyGroups,
    keepPublicKey(key) {
      publicKeys.set(key.id, key);
      save();
    },
    keepKeyGroup(group) {
      keyGroups.set(group.id, group);
      save();
    },
    forgetPublicKey(id) {
      if (publicKeys.delete(id)) save();
    },
    forgetKeyGroup(id) {
      if (keyGroups.delete(id)) save();
    },
  };
}
