import type { Authorize } from '../iam/authorize';
import type { Credentials } from './environment-variables';
import type { LogLine } from './execution-environment';

export interface LambdaOptions {
  readonly region: string;
  readonly accountId: string;
  readonly authorize: Authorize;
  /** What a function must know of the local runtime: variables added to every environment when it starts. */
  readonly localEnvironment: () => Readonly<Record<string, string>>;
  readonly issueCredentials: (roleArn: string, functionName: string) => Credentials;
  /** The folder of an unzipped asset. */
  readonly findAsset: (s3Bucket: string, s3Key: string) => string;
  readonly log: (line: LogLine) => void;
  /**
   * How far the functions' clock is ahead of the machine's, in milliseconds.
   *
   * @default - they go by the machine's clock
   */
  readonly clockOffsetMs?: (() => number) | undefined;
  /**
   * How many requests one function serves at the same time; more wait.
   *
   * @default 8
   */
  readonly maxEnvironments?: number;
  /**
   * The compiled `runtime/bootstrap.ts`.
   *
   * @default - the one of this build
   */
  readonly bootstrapFile?: string;
}
