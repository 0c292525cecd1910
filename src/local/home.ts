/**
 * A home: a synthesized CDK assembly, running on one machine. A boot's life: claim the data folder → open the services and their
 * ports → get the assembly → apply the stack → tell the world.
 */
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { openCertificate } from './certificate';
import { applyStack, type StackOutputs } from './cloudformation/apply-stack';
import { readAssembly } from './cloudformation/assembly';
import type { AppliedResource, StackIdentity } from './cloudformation/resource-type';
import { openStackState } from './cloudformation/stack-state';
import type { Template } from './cloudformation/template';
import { type HomeConfig, openHomeConfig, type Ports, saveHomeConfig } from './home-config';
import { describeHome, roleCredentials } from './home-environment';
import { openServices } from './home-services';
import { tokenSettings } from './jwt-authorizer';
import { claimDataDir } from './running-home';

export interface HomeOptions {
  /** Where the home keeps everything; made when it is not there. */
  readonly dataDir: string;
  /** The folder of the cloud assembly to boot, or what makes it; called once the data folder is this home's. */
  readonly assembly: string | (() => Promise<string>);
  /** @default - the ports of the last boot, at first 8170, 8171 and 8172 */
  readonly ports?: Ports;
  /** What the stack has that home does not do. @default - nobody is told */
  readonly warn?: (message: string) => void;
  /** Lines for whoever watches: what functions log, why the distribution refused a request. @default - nobody is told */
  readonly log?: (line: string) => void;
  /**
   * Let the distribution's cache follow the bucket at once, as CloudFront's does not.
   * @default false
   */
  readonly followBucket?: boolean;
  /**
   * Answer the header `X-Edgepass-Reason` to a request that the distribution refuses, as CloudFront does not.
   * @default true
   */
  readonly reasonHeader?: boolean;
  /**
   * How many processes of their own serve the distribution's viewers. 0: this process does.
   * @default 0
   */
  readonly edgeWorkers?: number;
  /**
   * Serve viewers by HTTPS, with HTTP/2, on a port of its own, and redirect plain HTTP as the behaviors say. The certificate is made for
   * 127.0.0.1 and localhost and kept in the data folder.
   * @default false
   */
  readonly https?: boolean;
  /**
   * The two letters of the country that viewers are taken to come from, for geographic restrictions.
   * @default - no country: an allow-list refuses every viewer, a block-list none
   */
  readonly viewerCountry?: string;
  /**
   * Start processes of the API's functions as soon as the home is ready, at most four, so that the first calls need not wait for them.
   * @default false
   */
  readonly prepareFunctions?: boolean;
  /**
   * The time that everything in the home goes by, its functions too, to try what hours and days would do. Not with `edgeWorkers`.
   * @default - the machine's clock
   */
  readonly clock?: () => Date;
}

export interface Home {
  readonly stackName: string;
  readonly outputs: StackOutputs;
  /** What a shell or an SDK needs to talk to this home; `edgepass env` prints it. */
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Boots a home and resolves when everything answers. @throws Error saying what stood in the way; nothing runs on then. */
export async function startHome(options: HomeOptions): Promise<Home> {
  const { dataDir, ports = {}, warn = () => {}, log = () => {} } = options;
  const closers: (() => Promise<void> | void)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const config = openHomeConfig(dataDir);
    const claim = await claimDataDir(dataDir);
    closers.push(claim.release);
    const { followBucket = false, reasonHeader = true, edgeWorkers = 0, viewerCountry, clock } = options;
    if (clock && edgeWorkers > 0)
      throw new Error('edge workers go by the machine’s clock: with a clock, edgeWorkers has to be 0');
    const services = await openServices(
      {
        dataDir,
        config,
        ports,
        instanceId: claim.instanceId,
        log,
        followBucket,
        reasonHeader,
        edgeWorkers,
        viewerCountry,
        clock,
        tls: options.https ? await openCertificate(dataDir) : undefined,
      },
      closers,
    );
    const assembly = typeof options.assembly === 'string' ? options.assembly : await options.assembly();
    const artifact = readAssembly(assembly);
    services.useAssets(artifact.findAsset);
    const state = openStackState(join(dataDir, 'stack.json'));
    const stack = identityOf(artifact.stackName, config);
    const applied = await applyStack({
      artifact,
      stack,
      state,
      types: services.resourceTypes,
      invoke: services.invokeForCloudFormation,
      warn,
    });
    const { outputs, environment } = describeHome(applied, services, config, stack, state.resources);
    // The processes of the edge and of the functions start at the same time.
    if (options.prepareFunctions) void services.prepareFunctions(functionArns(artifact.template, state.resources));
    await services.open();
    if (!isDeepStrictEqual(config.ports, services.ports)) saveHomeConfig(dataDir, { ...config, ports: services.ports });
    const roles = roleCredentials(state.resources, services.issueCredentials);
    claim.announce({ awsUrl: services.urls.aws, environment, roles, tokenSettings: tokenSettings(state.resources) });
    return { stackName: artifact.stackName, outputs, environment, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** In the order of the template, which is the one that its author thought of. */
function functionArns({ Resources }: Template, applied: ReadonlyMap<string, AppliedResource>): string[] {
  const resources = Object.keys(Resources).flatMap((logicalId) => applied.get(logicalId) ?? []);
  return resources
    .filter(({ type }) => type === 'AWS::Lambda::Function')
    .map(({ attributes }) => String(attributes.Arn));
}

function identityOf(stackName: string, { accountId, region }: HomeConfig): StackIdentity {
  return {
    stackName,
    stackId: `arn:aws:cloudformation:${region}:${accountId}:stack/${stackName}/home`,
    region,
    accountId,
    partition: 'aws',
    urlSuffix: 'amazonaws.com',
  };
}
