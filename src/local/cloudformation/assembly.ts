import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LocalError } from '../errors';
import type { Template } from './template';

/** A stack as the CDK synthesized it: its template, and where its file assets lie. */
export interface StackArtifact {
  readonly stackName: string;
  readonly template: Template;
  /** The folder or file of the asset that the template calls by this key in the bootstrap bucket. */
  findAsset(objectKey: string): string;
}

interface Manifest {
  readonly artifacts?: Readonly<Record<string, Artifact>>;
}

interface Artifact {
  readonly type: string;
  readonly properties?: { readonly templateFile?: string; readonly stackName?: string; readonly file?: string };
}

interface AssetManifest {
  readonly files?: Readonly<
    Record<
      string,
      { readonly source: { readonly path?: string }; readonly destinations: Record<string, { objectKey: string }> }
    >
  >;
}

/** Reads the one stack of a cloud assembly. @throws LocalError when the folder is no assembly, or has not exactly one stack. */
export function readAssembly(directory: string): StackArtifact {
  const manifestPath = join(directory, 'manifest.json');
  if (!existsSync(manifestPath)) {
    throw new LocalError(
      'ERR_ASSEMBLY_INVALID',
      `${directory} is not a cloud assembly: it has no manifest.json; synthesize a CDK app into it first`,
    );
  }
  const artifacts = Object.entries(readJson<Manifest>(manifestPath).artifacts ?? {});
  const stacks = artifacts.filter(([, artifact]) => artifact.type === 'aws:cloudformation:stack');
  const [only, ...others] = stacks;
  if (!only || others.length > 0) {
    const names = stacks.map(([id]) => id).join(', ') || 'none';
    throw new LocalError(
      'ERR_ASSEMBLY_INVALID',
      `the local runtime boots an assembly with one stack; this one has ${stacks.length} (${names})`,
    );
  }
  const [id, { properties }] = only;
  const assets = readAssets(directory, artifacts);
  return {
    stackName: properties?.stackName ?? id,
    template: readJson<Template>(join(directory, properties?.templateFile ?? '')),
    findAsset(objectKey) {
      const path = assets.get(objectKey);
      if (!path) throw new LocalError('ERR_ASSEMBLY_INVALID', `the assembly has no asset ${objectKey}`);
      return path;
    },
  };
}

function readAssets(directory: string, artifacts: [string, Artifact][]): Map<string, string> {
  const manifests = artifacts.filter(([, { type }]) => type === 'cdk:asset-manifest');
  const assets = new Map<string, string>();
  for (const [, { properties }] of manifests) {
    const { files = {} } = readJson<AssetManifest>(join(directory, properties?.file ?? ''));
    for (const { source, destinations } of Object.values(files)) {
      for (const { objectKey } of Object.values(destinations))
        assets.set(objectKey, join(directory, source.path ?? ''));
    }
  }
  return assets;
}

function readJson<T>(path: string): T {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LocalError('ERR_ASSEMBLY_INVALID', `${path} of the cloud assembly cannot be read: ${reason}`, { cause });
  }
}
