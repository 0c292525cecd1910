import type { Clock } from './clock';
import type { StackOutputs } from './cloudformation/apply-stack';
import type { Ports } from './data-dir/local-config';

export interface LocalOptions {
  /** The folder that keeps everything; it is made when it is not there. */
  readonly dataDir: string;
  /** The folder of the cloud assembly to boot, or a function that makes it, called once the data folder is locked. */
  readonly assembly: string | (() => Promise<string>);
  /** @default - the ports of the last boot, at first 8170, 8171 and 8172 */
  readonly ports?: Ports;
  /** Takes a line for everything in the stack that is not simulated. @default - the lines are dropped */
  readonly warn?: (message: string) => void;
  /**
   * Takes lines for the terminal: the functions' error output, and why the distribution refused a request. @default - the lines are dropped
   */
  readonly log?: (line: string) => void;
  /**
   * Makes the distribution's cache follow the bucket at once, as CloudFront's does not.
   * @default false
   */
  readonly followBucket?: boolean;
  /**
   * Answers the header `X-Edgepass-Reason` to a request that the distribution refuses, as CloudFront does not.
   * @default true
   */
  readonly reasonHeader?: boolean;
  /**
   * The number of processes that serve the distribution's viewers. 0: this process serves them.
   * @default 0
   */
  readonly edgeWorkers?: number;
  /**
   * Serves viewers by HTTPS, with HTTP/2, on a port of its own, and redirects plain HTTP as the behaviors say. The certificate is made for
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
   * Starts processes of the API's functions as soon as the local runtime is ready, at most four, so that the first calls need not wait for
   * them.
   * @default false
   */
  readonly prepareFunctions?: boolean;
  /**
   * The time that everything in the local runtime goes by, its functions too, to try what hours and days would do. Not with `edgeWorkers`.
   * @default - the machine's clock
   */
  readonly clock?: Clock;
}

/** A stack that runs on this machine. */
export interface LocalRuntime {
  readonly stackName: string;
  readonly outputs: StackOutputs;
  /** The variables that a shell or an SDK needs to talk to it; `edgepass env` prints them. */
  readonly environment: Readonly<Record<string, string>>;
  /** The `region`, `endpoint` and `credentials` that a client of the AWS SDK takes. */
  readonly region: string;
  readonly endpoint: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** The bucket whose objects the distribution serves; undefined where the stack has none. */
  readonly bucketName: string | undefined;
  /** The REST API's URL, with a slash at its end; undefined where the stack has none. */
  readonly apiUrl: string | undefined;
  /** Undefined where the stack has none. */
  readonly apiKey: string | undefined;
  /** Without a slash at its end; undefined where the stack has no distribution. */
  readonly distributionUrl: string | undefined;
  /** Stops everything. What the data folder keeps is there at the next boot. */
  close(): Promise<void>;
  /** Closes it where an `await using` ends. */
  [Symbol.asyncDispose](): Promise<void>;
}

declare global {
  // For programs that are compiled with neither the library `esnext.disposable` nor the types of Node.js; those declare the same.
  interface SymbolConstructor {
    readonly asyncDispose: unique symbol;
  }
}
