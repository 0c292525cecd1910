import { randomBytes, randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { machineClock } from '../clock';
import { physicalName } from '../cloudformation/physical-name';
import type { ResourceRequest, ResourceResult } from '../cloudformation/resource-type';
import { bootstrapFile } from './bootstrap-file';
import type { InvocationResult } from './execution-environment';
import { type CodeFolder, openCode } from './function-code';
import { type FunctionConfiguration, readFunction } from './function-configuration';
import { FunctionEnvironments } from './function-environments';
import { functionNameFor, functionNameOf } from './function-name';
import { LambdaError } from './lambda-error';
import type { LambdaOptions } from './lambda-options';
import { type Invoker, mayInvoke, type Permission, readPermission } from './permission';

interface LambdaFunction {
  configuration: FunctionConfiguration;
  code: CodeFolder;
  readonly environments: FunctionEnvironments;
  /** The function's resource policy, by statement id. */
  readonly permissions: Map<string, Permission>;
}

/** Source: AWS Lambda Developer Guide, "Lambda quotas": synchronous payload. */
const LARGEST_EVENT_BYTES = 6 * 1024 * 1024;
const DEFAULT_MAX_ENVIRONMENTS = 8;
const LONGEST_STATEMENT_ID = 100;

/** The functions of this local runtime, by name. */
export class Functions {
  readonly #options: LambdaOptions;
  readonly #byName: Map<string, LambdaFunction> = new Map();

  constructor(options: LambdaOptions) {
    this.#options = options;
  }

  async apply(request: ResourceRequest): Promise<ResourceResult> {
    const name = functionNameFor(request);
    const { region, accountId } = this.#options;
    const functionArn = `arn:${request.stack.partition}:lambda:${region}:${accountId}:function:${name}`;
    const configuration = readFunction(request, name, functionArn);
    const renamed = request.previous && request.previous.physicalId !== name;
    if (renamed) await this.remove(request.previous.physicalId);
    const existing = this.#byName.get(name);
    if (existing === undefined) this.#create(configuration);
    else if (!isDeepStrictEqual(existing.configuration, configuration)) this.#update(existing, configuration);
    return { physicalId: name, attributes: { Arn: functionArn } };
  }

  async remove(name: string): Promise<void> {
    const removed = this.#byName.get(name);
    this.#byName.delete(name);
    await removed?.environments.close();
    removed?.code.remove();
  }

  addPermission(request: ResourceRequest): ResourceResult {
    const { functionName, ...permission } = readPermission(request);
    const physicalId = request.previous?.physicalId ?? physicalName(request, LONGEST_STATEMENT_ID);
    this.removePermission(physicalId);
    this.#find(functionName).permissions.set(physicalId, permission);
    return { physicalId, attributes: { Id: physicalId } };
  }

  removePermission(statementId: string): void {
    for (const { permissions } of this.#byName.values()) permissions.delete(statementId);
  }

  async invoke(nameOrArn: string, event: unknown, caller: Invoker): Promise<InvocationResult> {
    const { configuration, permissions, environments } = this.#find(nameOrArn);
    const { functionArn } = configuration;
    if (typeof caller === 'object' && !mayInvoke(permissions.values(), caller)) {
      const message = `${caller.principal} is not authorized to perform: lambda:InvokeFunction on resource: ${functionArn}`;
      throw new LambdaError('AccessDeniedException', message);
    }
    return environments.invoke({
      requestId: randomUUID(),
      invokedFunctionArn: functionArn,
      traceId: newTraceId(this.#options.now()),
      event: serialize(event),
    });
  }

  /** Starts an environment of each function that has none. */
  async prepare(functionArns: readonly string[]): Promise<void> {
    await Promise.all(functionArns.map((arn) => this.#byName.get(functionNameOf(arn))?.environments.prepare()));
  }

  /** Returns the ARN, whether or not there is such a function. @throws LambdaError for a malformed name */
  arnOf(nameOrArn: string): string {
    const { region, accountId } = this.#options;
    return `arn:aws:lambda:${region}:${accountId}:function:${functionNameOf(nameOrArn)}`;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#byName.keys()].map((name) => this.remove(name)));
  }

  #create(configuration: FunctionConfiguration): void {
    const code = openCode(configuration.code, this.#options.findAsset);
    const maxEnvironments = this.#options.maxEnvironments ?? DEFAULT_MAX_ENVIRONMENTS;
    const environments = new FunctionEnvironments(this.#plan(configuration, code), maxEnvironments);
    this.#byName.set(configuration.functionName, { configuration, code, environments, permissions: new Map() });
  }

  #update(existing: LambdaFunction, configuration: FunctionConfiguration): void {
    const code = openCode(configuration.code, this.#options.findAsset);
    existing.environments.replace(this.#plan(configuration, code));
    existing.code.remove();
    existing.code = code;
    existing.configuration = configuration;
  }

  #plan(configuration: FunctionConfiguration, { taskRoot }: CodeFolder) {
    const { region, issueCredentials, log, now } = this.#options;
    // The machine's clock has no offset to hand on.
    const clockOffsetMs = now === machineClock ? undefined : () => now().getTime() - Date.now();
    const localEnvironment = () => ({
      ...this.#options.localEnvironment,
      ...(clockOffsetMs && { EDGEPASS_CLOCK_OFFSET_MS: String(clockOffsetMs()) }),
    });
    const credentials = () => issueCredentials(configuration.roleArn, configuration.functionName);
    const file = this.#options.bootstrapFile ?? bootstrapFile();
    return { configuration, taskRoot, region, bootstrapFile: file, credentials, localEnvironment, clockOffsetMs, log };
  }

  #find(nameOrArn: string): LambdaFunction {
    const found = this.#byName.get(functionNameOf(nameOrArn));
    if (found) return found;
    throw new LambdaError('ResourceNotFoundException', `Function not found: ${nameOrArn}`);
  }
}

function serialize(event: unknown): string {
  const text = JSON.stringify(event) ?? 'null';
  const bytes = Buffer.byteLength(text);
  if (bytes <= LARGEST_EVENT_BYTES) return text;
  const message = `${bytes} byte payload is too large for the RequestResponse invocation type (limit ${LARGEST_EVENT_BYTES} bytes)`;
  throw new LambdaError('RequestTooLargeException', message);
}

/** Source: AWS X-Ray Developer Guide, "Tracing header". */
function newTraceId(now: Date): string {
  const seconds = Math.floor(now.getTime() / 1000).toString(16);
  const parent = randomBytes(8).toString('hex');
  return `Root=1-${seconds}-${randomBytes(12).toString('hex')};Parent=${parent};Sampled=0`;
}
