import type { FunctionConfiguration } from './function-configuration';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

export interface EnvironmentInputs {
  readonly configuration: FunctionConfiguration;
  readonly region: string;
  readonly credentials: Credentials;
  /** Folder with the function's code. */
  readonly taskRoot: string;
  /** `127.0.0.1:PORT` */
  readonly runtimeApi: string;
  readonly logStreamName: string;
  readonly localEnvironment: Readonly<Record<string, string>>;
}

/** All that a function's process finds in its environment: nothing comes from the host except where programs are. */
export function environmentVariables(inputs: EnvironmentInputs): Record<string, string> {
  const { configuration, credentials } = inputs;
  return {
    LANG: 'en_US.UTF-8',
    PATH: process.env.PATH ?? '',
    TZ: ':UTC',
    ...configuration.variables,
    ...(configuration.applicationLogLevel && { AWS_LAMBDA_LOG_LEVEL: configuration.applicationLogLevel }),
    _HANDLER: configuration.handler,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_DEFAULT_REGION: inputs.region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${configuration.runtime}`,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(configuration.memorySizeMb),
    AWS_LAMBDA_FUNCTION_NAME: configuration.functionName,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_FORMAT: configuration.logFormat,
    AWS_LAMBDA_LOG_GROUP_NAME: configuration.logGroupName,
    AWS_LAMBDA_LOG_STREAM_NAME: inputs.logStreamName,
    AWS_LAMBDA_RUNTIME_API: inputs.runtimeApi,
    AWS_REGION: inputs.region,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    LAMBDA_TASK_ROOT: inputs.taskRoot,
    ...inputs.localEnvironment,
  };
}
