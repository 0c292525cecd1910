import { Properties, type PropertyTable } from '../cloudformation/properties';
import type { ResourceRequest } from '../cloudformation/resource-type';
import { refuseReservedVariables } from './reserved-variables';

/** A function as the template describes it, checked. */
export interface FunctionConfiguration {
  readonly functionName: string;
  readonly functionArn: string;
  readonly handler: string;
  /** `nodejs24.x` */
  readonly runtime: string;
  readonly roleArn: string;
  readonly memorySizeMb: number;
  readonly timeoutSeconds: number;
  readonly variables: Readonly<Record<string, string>>;
  readonly logFormat: 'JSON' | 'Text';
  readonly applicationLogLevel: string | undefined;
  readonly logGroupName: string;
  readonly code: FunctionCode;
}

/** An asset by its bucket and key, or the text of a module. */
export type FunctionCode =
  | { readonly kind: 'asset'; readonly s3Bucket: string; readonly s3Key: string }
  | { readonly kind: 'inline'; readonly source: string };

const noEffect = (reason: string) => ({ noEffect: reason });
const notImplemented = (reason: string) => ({ notImplemented: reason });

/** Source: AWS::Lambda::Function, "Properties". */
const FUNCTION: PropertyTable = {
  Architectures: noEffect('the function runs on the processor of this machine'),
  CapacityProviderConfig: notImplemented('functions run as processes of this machine'),
  Code: 'used',
  CodeSigningConfigArn: notImplemented('signatures of code are not checked'),
  DeadLetterConfig: noEffect('only asynchronous invocations use it; the local runtime has none'),
  Description: noEffect('it is for people'),
  DurableConfig: notImplemented('durable execution'),
  Environment: 'used',
  EphemeralStorage: noEffect('/tmp is the one of this machine'),
  FileSystemConfigs: notImplemented('there is no file system to mount'),
  FunctionName: 'used',
  FunctionScalingConfig: notImplemented('functions run as processes of this machine'),
  Handler: 'used',
  ImageConfig: notImplemented('container images'),
  KmsKeyArn: noEffect('the local runtime keeps no copy of the environment'),
  Layers: notImplemented('bundle what the function needs into its code'),
  LoggingConfig: 'used',
  MemorySize: 'used',
  PackageType: 'used',
  PublishToLatestPublished: notImplemented('versions'),
  RecursiveLoop: noEffect('only event sources use it; the local runtime has none'),
  ReservedConcurrentExecutions: notImplemented('the bound on environments is one for all functions'),
  Role: 'used',
  Runtime: 'used',
  RuntimeManagementConfig: noEffect('the runtime is the Node.js that runs the local runtime'),
  SnapStart: noEffect('it only shortens a cold start'),
  Tags: noEffect('they are for people and bills'),
  TenancyConfig: notImplemented('tenant isolation'),
  Timeout: 'used',
  TracingConfig: noEffect('the local runtime sends no traces'),
  VpcConfig: notImplemented('networks'),
};

const CODE: PropertyTable = {
  ImageUri: notImplemented('container images'),
  S3Bucket: 'used',
  S3Key: 'used',
  S3ObjectVersion: notImplemented('an asset has one version'),
  SourceKMSKeyArn: notImplemented('an asset is not encrypted'),
  ZipFile: 'used',
};

const LOGGING_CONFIG: PropertyTable = {
  ApplicationLogLevel: 'used',
  LogFormat: 'used',
  LogGroup: 'used',
  SystemLogLevel: noEffect('the local runtime writes no platform log lines'),
};

/** Checks the properties of an AWS::Lambda::Function; the name is settled before, for it may be generated. */
export function readFunction(
  { logicalId, properties }: ResourceRequest,
  functionName: string,
  functionArn: string,
): FunctionConfiguration {
  const props = new Properties(`${logicalId} (AWS::Lambda::Function)`, properties, FUNCTION);
  props.oneOf('PackageType', ['Zip'], 'Zip');
  const logging = props.group('LoggingConfig', LOGGING_CONFIG);
  const variables = props.group('Environment', { Variables: 'used' }).textMap('Variables');
  refuseReservedVariables(props, variables);
  return {
    functionName,
    functionArn,
    handler: props.text('Handler'),
    runtime: readRuntime(props),
    roleArn: props.text('Role'),
    memorySizeMb: props.optionalNumber('MemorySize', { min: 128, max: 10_240 }) ?? 128,
    timeoutSeconds: props.optionalNumber('Timeout', { min: 1, max: 900 }) ?? 3,
    variables,
    logFormat: logging.oneOf('LogFormat', ['JSON', 'Text'], 'Text'),
    applicationLogLevel: logging.optionalText('ApplicationLogLevel'),
    logGroupName: logging.optionalText('LogGroup') ?? `/aws/lambda/${functionName}`,
    code: readCode(props.group('Code', CODE)),
  };
}

function readRuntime(props: Properties): string {
  const runtime = props.text('Runtime');
  if (/^nodejs\d+\.x$/.test(runtime)) return runtime;
  return props.refuse(
    'Runtime',
    `is ${runtime}; the local runtime runs the Node.js runtimes alone, nodejs24.x for example`,
  );
}

function readCode(props: Properties): FunctionCode {
  const source = props.optionalText('ZipFile');
  if (source !== undefined) return { kind: 'inline', source };
  return { kind: 'asset', s3Bucket: props.text('S3Bucket'), s3Key: props.text('S3Key') };
}
