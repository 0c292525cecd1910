/**
 * A local runtime: a synthesized CDK assembly, running on one machine. A boot's life: lock the data folder → open the services and their
 * ports, and read the assembly → apply the stack → tell the world.
 */
import { join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { openCertificate } from './certificate';
import { checkLocalOptions } from './check-local-options';
import { machineClock } from './clock';
import { applyStack } from './cloudformation/apply-stack';
import { readAssembly } from './cloudformation/assembly';
import type { AppliedResource, StackIdentity } from './cloudformation/resource-type';
import { openStackState } from './cloudformation/stack-state';
import type { Template } from './cloudformation/template';
import { type DataDirLock, lockDataDir } from './data-dir/data-dir-lock';
import { type LocalConfig, openLocalConfig, saveLocalConfig } from './data-dir/local-config';
import { LocalError } from './errors';
import { tokenSettings } from './jwt-authorizer';
import { describeStack, roleCredentials } from './local-environment';
import type { LocalOptions, LocalRuntime } from './local-runtime';
import { type LocalServices, openServices } from './local-services';

/** Boots a local runtime and resolves when everything answers. @throws LocalError saying what stood in the way; nothing runs on then. */
export async function startLocal(options: LocalOptions): Promise<LocalRuntime> {
  checkLocalOptions(options);
  const { dataDir, ports = {}, log = () => {} } = options;
  const config = openLocalConfig(dataDir);
  const lock = await lockDataDir(dataDir);
  try {
    const services = await openServices({
      dataDir,
      config,
      ports,
      instanceId: lock.instanceId,
      log,
      followBucket: options.followBucket ?? false,
      reasonHeader: options.reasonHeader ?? true,
      edgeWorkers: options.edgeWorkers ?? 0,
      viewerCountry: options.viewerCountry,
      now: options.clock ?? machineClock,
      tls: options.https ? await openCertificate(dataDir) : undefined,
      readStack: async () =>
        // Functions run elsewhere, so a relative path would lead them nowhere.
        readAssembly(resolve(typeof options.assembly === 'string' ? options.assembly : await options.assembly())),
    });
    return await bootStack(options, config, services, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Applies the stack, lets requests in and tells the world. @throws LocalError, with the services closed */
async function bootStack(
  { dataDir, prepareFunctions = false, warn = () => {} }: LocalOptions,
  config: LocalConfig,
  services: LocalServices,
  lock: DataDirLock,
): Promise<LocalRuntime> {
  try {
    const { artifact } = services;
    const state = openStackState(join(dataDir, 'stack.json'));
    const stack = identityOf(artifact.stackName, config);
    const applied = await applyStack({
      artifact,
      stack,
      state,
      types: services.resourceTypes,
      invoke: services.invokeForCloudFormation,
      warn,
    }).catch((error: unknown) => {
      throw stackFailed(error);
    });
    const described = describeStack(applied, services, config, stack, state.resources);
    // The processes of the edge and of the functions start at the same time.
    if (prepareFunctions) void services.prepareFunctions(functionArns(artifact.template, state.resources));
    await services.open();
    if (!isDeepStrictEqual(config.ports, services.ports))
      saveLocalConfig(dataDir, { ...config, ports: services.ports });
    const roles = roleCredentials(state.resources, services.issueCredentials);
    const { environment } = described;
    lock.announce({ awsUrl: services.urls.aws, environment, roles, tokenSettings: tokenSettings(state.resources) });
    const close = onlyOnce(() => services.close().finally(lock.release));
    return { ...described, close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await services.close();
    throw error;
  }
}

/** Returns a function that does it at its first call, and whose later calls wait for that one. */
function onlyOnce(close: () => Promise<void>): () => Promise<void> {
  let closing: Promise<void> | undefined;
  return () => {
    closing ??= close();
    return closing;
  };
}

/** An error that says what it is by a code, a missing package for example, stays as it is. */
function stackFailed(cause: unknown): unknown {
  if (!(cause instanceof Error) || 'code' in cause) return cause;
  return new LocalError('ERR_STACK_FAILED', cause.message, { cause });
}

/** In the order of the template, which is the one that its author thought of. */
function functionArns({ Resources }: Template, applied: ReadonlyMap<string, AppliedResource>): string[] {
  const resources = Object.keys(Resources).flatMap((logicalId) => applied.get(logicalId) ?? []);
  return resources
    .filter(({ type }) => type === 'AWS::Lambda::Function')
    .map(({ attributes }) => String(attributes.Arn));
}

function identityOf(stackName: string, { accountId, region }: LocalConfig): StackIdentity {
  return {
    stackName,
    stackId: `arn:aws:cloudformation:${region}:${accountId}:stack/${stackName}/home`,
    region,
    accountId,
    partition: 'aws',
    urlSuffix: 'amazonaws.com',
  };
}
