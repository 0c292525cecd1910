import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  type CfnFunction,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { type CfnLogGroup, LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

export interface PrivilegedFunctionProps {
  /** The bundle's folder name, such as `list-objects`. */
  readonly bundle: string;
  /** @default - the bundle alone */
  readonly code?: Code;
  readonly description: string;
  readonly environment: Readonly<Record<string, string>>;
  /** @default 10 seconds */
  readonly timeout?: Duration;
  /** All that the function may do, besides writing to its own log group. */
  readonly statements: PolicyStatement[];
}

/** What is the same for all functions. */
export interface PrivilegedFunctionSettings {
  /**
   * How long the functions' logs are kept, and in them the audit lines: who was granted what.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: RetentionDays;

  /**
   * Whether calls are traced with AWS X-Ray, through API Gateway and the functions.
   *
   * @default false
   */
  readonly tracing?: boolean;
}

/** A Lambda function with a role of its own, whose permissions are exactly the statements given and its own logs. */
export class PrivilegedFunction extends Construct {
  readonly function: LambdaFunction;
  readonly role: Role;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: PrivilegedFunctionProps) {
    super(scope, id);
    this.logGroup = new LogGroup(this, 'Logs', {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      // IAM takes no policy without a statement.
      ...(props.statements.length > 0 && {
        inlinePolicies: { Privilege: new PolicyDocument({ statements: props.statements }) },
      }),
    });
    this.logGroup.grantWrite(this.role);
    this.function = new LambdaFunction(this, 'Function', {
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: props.code ?? Code.fromAsset(bundlePath(props.bundle)),
      memorySize: 256,
      timeout: props.timeout ?? Duration.seconds(10),
      environment: props.environment,
      role: this.role,
      logGroup: this.logGroup,
      loggingFormat: LoggingFormat.JSON,
    });
  }

  /** Applies settings to a function that exists: they are known once every construct is made. */
  applySettings({ logRetention, tracing = false }: PrivilegedFunctionSettings): void {
    if (logRetention !== undefined)
      (this.logGroup.node.defaultChild as CfnLogGroup).retentionInDays =
        logRetention === RetentionDays.INFINITE ? undefined : logRetention;
    if (!tracing) return;
    (this.function.node.defaultChild as CfnFunction).tracingConfig = { mode: Tracing.ACTIVE };
    // Neither takes a resource. Source: Service Authorization Reference, "Actions, resources, and condition keys for AWS X-Ray".
    const actions = ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'];
    this.role.addToPrincipalPolicy(new PolicyStatement({ actions, resources: ['*'] }));
  }
}

/** The bundles are built with the package, so that a user's synth needs no bundler. */
export function bundlePath(name: string): string {
  const path = join(__dirname, '..', '..', 'bundles', name);
  if (!existsSync(path)) {
    throw new Error(`the bundle of the function ${name} is missing from edgepass; run "npm run build" in its checkout`);
  }
  return path;
}
