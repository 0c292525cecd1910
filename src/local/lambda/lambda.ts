import type { Service, ServiceApi } from '../service';
import type { InvocationResult } from './execution-environment';
import { Functions } from './functions';
import { createInvokeApi } from './invoke-api';
import type { LambdaOptions } from './lambda-options';
import type { Invoker } from './permission';

/**
 * AWS Lambda on one machine: runs a template's Node.js functions, each execution environment a process of its own behind the
 * Runtime API, with nothing of the host in its environment variables and the credentials of its own role.
 * Mimics synchronous `Invoke` (RequestResponse): timeout, memory, initialization, errors, log lines, resource policy.
 *
 * Gaps, each refused by name where a template asks for it: layers, container images, versions and aliases, networks, file
 * systems, reserved concurrency, function URLs, event sources, asynchronous invocation, streamed answers.
 * Gaps that nothing announces: memory is bounded for the JavaScript heap only (Buffers do not count); an environment is not
 * frozen between invocations; its code folder can be written and `/tmp` is shared; there are no START, END and REPORT
 * lines; a function in an endless synchronous loop outlives a host that is killed with SIGKILL.
 *
 * By design: every runtime nodejsN.x runs on the Node.js that runs the local runtime. A cold start has 10 seconds, then it fails (Lambda
 * tries once more with the function's timeout). Requests beyond the bound on environments wait instead of being throttled.
 */
export function openLambda(options: LambdaOptions): Lambda {
  const functions = new Functions(options);
  return {
    resourceTypes: {
      'AWS::Lambda::Function': {
        apply: (request) => functions.apply(request),
        remove: ({ physicalId }) => functions.remove(physicalId),
      },
      'AWS::Lambda::Permission': {
        apply: (request) => functions.addPermission(request),
        remove: ({ physicalId }) => functions.removePermission(physicalId),
      },
    },
    api: createInvokeApi(functions, options.authorize),
    invoke(functionNameOrArn, event, caller) {
      return functions.invoke(functionNameOrArn, event, caller);
    },
    prepare(functionArns) {
      return functions.prepare(functionArns);
    },
    close() {
      return functions.close();
    },
  };
}

export interface Lambda extends Service {
  readonly api: ServiceApi;
  /** Runs a function and waits for its answer. Throws a `LambdaError` when it may not or cannot run at all. */
  invoke(functionNameOrArn: string, event: unknown, caller: Invoker): Promise<InvocationResult>;
  /** Starts an execution environment of each function before its first invocation; resolves when all are initialized. */
  prepare(functionArns: readonly string[]): Promise<void>;
  /** Ends every process. */
  close(): Promise<void>;
}
