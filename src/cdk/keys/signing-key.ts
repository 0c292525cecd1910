import { Aws, CustomResource, Duration, Fn, Stack } from 'aws-cdk-lib';
import { type IKeyGroup, KeyGroup } from 'aws-cdk-lib/aws-cloudfront';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Grant, type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { EnvironmentOf } from '../../api/environment';
import { printNumber } from '../base/lifetimes';
import { PrivilegedFunction } from '../base/privileged-function';
import { PropertyError } from '../base/property-error';

/**
 * RSA is RSA 2048: every signer and SDK that knows CloudFront knows it. ECDSA is P-256: signs about ten times faster, its URLs are half as
 * long, and CloudFront takes it since September 2025. Source: Amazon CloudFront API Reference, `PublicKeyConfig`.
 */
export type SigningKeyType = 'RSA' | 'ECDSA';

export interface ContentKeyProps {
  /**
   * The type of the keys that sign. Another type is a rotation: links of the former key work until they are over.
   *
   * @default 'RSA' - what every SDK and tool can sign and verify too; docs/keys.md says what ECDSA gains
   */
  readonly signingKeyType?: SigningKeyType;

  /**
   * Raise it, and the next deployment rotates the key. A whole number from 1.
   *
   * @default 1
   */
  readonly keyGeneration?: number;

  /**
   * How long a key signs before the stack rotates it by itself. At least a day, and four times `maxLifetime`: a key group holds 5 keys, and a
   * former key stays in it until its last link is over.
   *
   * @default - only when it is asked for: by `keyGeneration`, or `edgepass keys rotate`
   */
  readonly keyRotationPeriod?: Duration;

  /**
   * The KMS key that encrypts the private keys in Parameter Store. Another one later encrypts them anew in that deployment, which takes the
   * former one too: docs/keys.md, "Another KMS key".
   *
   * @default - `aws/ssm`, the account's own
   */
  readonly signingKeyEncryptionKey?: IKey;
}

export interface SigningKeyProps extends ContentKeyProps {
  /** How long a link may last: that long a former key is trusted. */
  readonly maxLifetime: Duration;
}

/** How often the rotation function retires keys and rotates the one that is due. */
const MAINTENANCE_INTERVAL: Duration = Duration.hours(1);

/** Neither key groups nor public keys have an ARN. Source: Service Authorization Reference, "Actions defined by Amazon CloudFront". */
const CLOUDFRONT_ACTIONS = [
  'CreateKeyGroup',
  'CreatePublicKey',
  'DeleteKeyGroup',
  'DeletePublicKey',
  'GetKeyGroup',
  'GetPublicKey',
  'ListKeyGroups',
  'ListPublicKeys',
  'UpdateKeyGroup',
].map((action) => `cloudfront:${action}`);

/**
 * The keys that sign, and the key group that trusts them: the private key a SecureString in Parameter Store, the public keys CloudFront's.
 * A custom resource's function owns them all and rotates them between deployments too. CloudFormation could not: it creates no SecureString
 * (source: AWS::SSM::Parameter, "Type"), replaces a public key while links need it (aws-cdk #15301), and knows no time.
 */
export class SigningKey extends Construct {
  /** The SecureString with the private key, PEM; two while one takes over from the other. */
  readonly parameterName: string;
  /** A parameter with the public keys and their times, in JSON; nothing in it is secret. */
  readonly publicKeysParameterName: string;
  readonly keyGroup: IKeyGroup;
  /**
   * The public key ID that signed when the last deployment made or rotated the key. A rotation by `edgepass keys` or by `keyRotationPeriod` does not
   * change it: CloudFormation keeps what it was told.
   */
  readonly keyPairId: string;
  /** The function that makes, rotates and retires the keys; `edgepass keys` invokes it. */
  readonly rotationFunction: PrivilegedFunction;
  /** Encrypts the private key. Undefined: Parameter Store's own key does. */
  readonly encryptionKey: IKey | undefined;

  constructor(scope: Construct, id: string, props: SigningKeyProps) {
    super(scope, id);
    const { signingKeyType = 'RSA', keyGeneration = 1 } = readKeyProps(props);
    this.encryptionKey = props.signingKeyEncryptionKey;
    const folder = `/edgepass/${pathOf(this)}`;
    this.parameterName = `${folder}/signing-key`;
    this.publicKeysParameterName = `${folder}/public-keys`;
    const lockParameterName = `${folder}/rotation-lock`;
    this.rotationFunction = new PrivilegedFunction(this, 'Keeper', {
      bundle: 'signing-keys',
      description: 'Makes, rotates and retires the signing keys',
      timeout: Duration.minutes(2),
      environment: {
        KEY_NAME: keyName(this),
        KEY_TYPE: signingKeyType,
        SIGNING_KEY_PARAMETER: this.parameterName,
        PUBLIC_KEYS_PARAMETER: this.publicKeysParameterName,
        ROTATION_LOCK_PARAMETER: lockParameterName,
        MAX_LIFETIME_SECONDS: printNumber(props.maxLifetime.toSeconds()),
        ...(props.keyRotationPeriod && { ROTATION_PERIOD_SECONDS: printNumber(props.keyRotationPeriod.toSeconds()) }),
        ...(this.encryptionKey && { KMS_KEY_ID: this.encryptionKey.keyArn }),
      } satisfies EnvironmentOf<'signing-keys'>,
      statements: [
        new PolicyStatement({
          actions: ['ssm:PutParameter', 'ssm:GetParameter', 'ssm:DeleteParameter'],
          resources: [this.parameterName, this.publicKeysParameterName, lockParameterName].map((name) =>
            this.arnOf(name),
          ),
        }),
        new PolicyStatement({ actions: CLOUDFRONT_ACTIONS, resources: ['*'] }),
        ...(this.encryptionKey
          ? [new PolicyStatement({ actions: ['kms:Decrypt', 'kms:Encrypt'], resources: [this.encryptionKey.keyArn] })]
          : []),
      ],
    });
    const keys = new CustomResource(this, 'Keys', {
      resourceType: 'Custom::EdgepassSigningKeys',
      serviceToken: this.rotationFunction.function.functionArn,
      // A function that ended without an answer would be waited for an hour.
      serviceTimeout: Duration.minutes(10),
      properties: {
        KeyGeneration: keyGeneration,
        KeyType: signingKeyType,
        // With another one the function is called, and encrypts what the roles may from now on decrypt with this one only.
        ...(this.encryptionKey && { EncryptionKey: this.encryptionKey.keyArn }),
      },
    });
    // A deletion needs the role's policy as long as the keys exist.
    keys.node.addDependency(this.rotationFunction.role);
    this.keyPairId = keys.getAttString('KeyPairId');
    this.keyGroup = KeyGroup.fromKeyGroupId(this, 'KeyGroup', keys.getAttString('KeyGroupId'));
    new Rule(this, 'Tending', {
      description: 'Retires keys whose links are over, and rotates the key where it is due',
      schedule: Schedule.rate(MAINTENANCE_INTERVAL),
      targets: [new LambdaFunction(this.rotationFunction.function)],
    });
  }

  get parameterArn(): string {
    return this.arnOf(this.parameterName);
  }

  get publicKeysParameterArn(): string {
    return this.arnOf(this.publicKeysParameterName);
  }

  /** Lets the grantee sign: read this one parameter, nothing else. */
  grantRead(grantee: IGrantable): Grant {
    const [first, ...others] = this.readStatements().map((statement) =>
      Grant.addToPrincipal({ grantee, actions: statement.actions, resourceArns: statement.resources }),
    );
    return others.reduce((all, one) => all.combine(one), first as Grant);
  }

  /** Returns the statements that allow to read the private key. `aws/ssm` needs no grant of its own inside the account. */
  readStatements(): PolicyStatement[] {
    const decrypt = (key: IKey) => new PolicyStatement({ actions: ['kms:Decrypt'], resources: [key.keyArn] });
    return [
      new PolicyStatement({ actions: ['ssm:GetParameter'], resources: [this.parameterArn] }),
      ...(this.encryptionKey ? [decrypt(this.encryptionKey)] : []),
    ];
  }

  private arnOf(parameterName: string): string {
    return Stack.of(this).formatArn({ service: 'ssm', resource: 'parameter', resourceName: parameterName.slice(1) });
  }
}

/** Retiring a key takes as long as links last: more often, and the group is full. */
const PERIOD_IN_LIFETIMES = 4;

function readKeyProps<T extends SigningKeyProps>(props: T): T {
  const { signingKeyType = 'RSA', keyGeneration = 1, keyRotationPeriod, maxLifetime } = props;
  if (signingKeyType !== 'RSA' && signingKeyType !== 'ECDSA')
    throw new PropertyError('signingKeyType', 'has to be RSA or ECDSA: CloudFront takes no other key');
  if (!Number.isSafeInteger(keyGeneration) || keyGeneration < 1)
    throw new PropertyError('keyGeneration', 'has to be a whole number from 1: raise it by 1 to rotate the key');
  if (!keyRotationPeriod || keyRotationPeriod.isUnresolved() || maxLifetime.isUnresolved()) return props;
  const shortest = Math.max(86_400, PERIOD_IN_LIFETIMES * maxLifetime.toSeconds());
  if (keyRotationPeriod.toSeconds() < shortest) {
    const days = Math.ceil(shortest / 86_400);
    throw new PropertyError(
      'keyRotationPeriod',
      `has to be at least ${days} days: a day, and ${PERIOD_IN_LIFETIMES} times maxLifetime, for a key group holds 5 keys`,
    );
  }
  return props;
}

/**
 * The stack's name, and where in it the construct is: `Edgepass/PrivateContent`. A stack may have several. The name of a nested stack is
 * CloudFormation's, known when it is made, and a parameter's name has to be known before: there it is the outermost stack's.
 */
function pathOf({ node: { scopes } }: Construct): string {
  const outermost = scopes.findLastIndex((scope) => Stack.isStack(scope) && scope.nestedStackParent === undefined);
  const inside = scopes.slice(outermost + 1, -1).map(({ node }) => node.id);
  return [Stack.of(scopes[outermost] as Construct).stackName, ...inside].join('/').replace(/[^\w./-]/g, '-');
}

/** Unique in the account, where names of keys and key groups are: the stack's own id, and which construct of the stack. */
function keyName({ node }: Construct): string {
  const stackUuid = Fn.select(2, Fn.split('/', Aws.STACK_ID));
  return Fn.join('-', ['edgepass', node.addr.slice(-8), stackUuid]);
}
