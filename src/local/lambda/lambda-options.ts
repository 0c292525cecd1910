import type { ServiceOptions } from '../service';
import type { Credentials } from './environment-variables';
import type { LogLine } from './execution-environment';

export interface LambdaOptions extends ServiceOptions {
  /** The variables by which a function finds the local runtime; they are added to every environment. */
  readonly localEnvironment: Readonly<Record<string, string>>;
  readonly issueCredentials: (roleArn: string, functionName: string) => Credentials;
  /** The folder of an unzipped asset. */
  readonly findAsset: (s3Bucket: string, s3Key: string) => string;
  readonly log: (line: LogLine) => void;
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
