import { awsSdk } from './aws-sdk';

/** Which AWS a command speaks to, as its options say. */
export interface AwsOptions {
  readonly profile?: string;
  readonly region?: string;
}

/** Where a command acts. */
export interface AwsTarget {
  readonly accountId: string;
  readonly region: string;
  readonly profile: string | undefined;
}

/** The account and region that the credentials lead to. @throws Error saying what is missing and how to give it. */
export async function findTarget({ profile, region }: AwsOptions): Promise<AwsTarget> {
  refuseLocal();
  const { STSClient, GetCallerIdentityCommand } = await awsSdk('sts');
  const requestedRegion = region ?? process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION;
  const sts = new STSClient({ ...(profile && { profile }), ...(requestedRegion && { region: requestedRegion }) });
  try {
    const found = await regionOf(sts);
    const { Account: accountId } = await sts.send(new GetCallerIdentityCommand({}));
    if (!accountId) throw new Error('AWS names no account for these credentials');
    return { accountId, region: found, profile };
  } catch (error) {
    throw explainCredentials(error, profile);
  } finally {
    sts.destroy();
  }
}

/** The variables by which the CDK CLI goes to the same place. */
export const targetVariables = ({ region, profile }: AwsTarget): NodeJS.ProcessEnv => ({
  ...process.env,
  AWS_REGION: region,
  ...(profile && { AWS_PROFILE: profile }),
});

/** For the AWS SDK's clients. */
export const clientConfig = ({
  region,
  profile,
}: Pick<AwsTarget, 'region' | 'profile'>): { region: string; profile?: string } => ({
  region,
  ...(profile && { profile }),
});

/** A shell that has evaluated `edgepass env` speaks to a local runtime, with keys that AWS does not know. */
function refuseLocal(): void {
  const endpoint = process.env.AWS_ENDPOINT_URL;
  if (!endpoint) return;
  throw new Error(
    `this shell speaks to ${endpoint}, not to AWS, since AWS_ENDPOINT_URL is set (eval "$(npx edgepass env)" does that): ` +
      'use another shell, or unset AWS_ENDPOINT_URL AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_REGION',
  );
}

async function regionOf(sts: { config: { region: () => Promise<string> } }): Promise<string> {
  try {
    return await sts.config.region();
  } catch {
    throw new Error('no AWS region is chosen: give --region REGION, or set AWS_REGION, or "region" of the profile');
  }
}

/** What AWS says of credentials that it does not take. Source: AWS STS API Reference, "Common Errors". */
const NOT_TAKEN: Readonly<Record<string, string>> = {
  ExpiredToken: 'they have expired',
  ExpiredTokenException: 'they have expired',
  InvalidClientTokenId: 'it does not know the access key',
  SignatureDoesNotMatch: 'the secret access key does not belong to the access key, or this clock is wrong',
  AccessDenied: 'a policy denies sts:GetCallerIdentity',
};

function explainCredentials(error: unknown, profile: string | undefined): unknown {
  if (!(error instanceof Error)) return error;
  const { name, message } = error;
  if (name === 'CredentialsProviderError') {
    return new Error(
      profile === undefined
        ? 'no AWS credentials were found: run "aws configure" or "aws sso login", or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY'
        : `the profile ${profile} gives no AWS credentials (${message}): run "aws configure --profile ${profile}" or "aws sso login --profile ${profile}"`,
    );
  }
  const reason = NOT_TAKEN[name];
  if (reason)
    return new Error(`AWS does not take the credentials: ${reason}. "aws sts get-caller-identity" has to work`);
  const { code } = error as NodeJS.ErrnoException;
  if (code) return new Error(`AWS cannot be reached (${code}): ${message}`);
  return error;
}
