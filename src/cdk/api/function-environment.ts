import { Stack, Token } from 'aws-cdk-lib';
import type { FunctionRow } from '../../api/calls/function-row';
import { type ApiVariable, isOptional, VARIABLES_OF_EVERY_CALL } from '../../api/environment';
import { checkEnvironmentSize } from '../base/environment-size';
import { printNumber } from '../base/lifetimes';
import type { FunctionInputs } from './function-inputs';

/** The writers of the variables. A writer returns undefined where the construct has no value. */
const WRITERS: Readonly<Record<ApiVariable, (inputs: FunctionInputs) => string | undefined>> = {
  AUTH: ({ settings }) => settings.auth.kind,
  SCOPES: ({ settings }) => settings.scopes,
  CORS_ALLOWED_ORIGINS: ({ settings }) => settings.corsVariable,
  BUCKET_NAME: ({ bucket }) => bucket.bucketName,
  BUCKET_REGION: bucketRegion,
  DISTRIBUTION_DOMAIN_NAME: ({ domainName }) => domainName,
  MIN_LIFETIME_SECONDS: ({ settings }) => printNumber(settings.lifetimes.minLifetime.toSeconds()),
  LINK_LIFETIME_SECONDS: ({ settings }) => printNumber(settings.lifetimes.defaultLifetime.toSeconds()),
  MAX_LIFETIME_SECONDS: ({ settings }) => printNumber(settings.lifetimes.maxLifetime.toSeconds()),
  SIGNING_KEY_PARAMETER: ({ signingKey }) => signingKey.parameterName,
  PUBLIC_KEYS_PARAMETER: ({ signingKey }) => signingKey.publicKeysParameterName,
  UPLOAD_MAX_SIZE: ({ settings }) => settings.uploadLimits?.UPLOAD_MAX_SIZE,
  UPLOAD_CONTENT_TYPES: ({ settings }) => settings.uploadLimits?.UPLOAD_CONTENT_TYPES,
  UPLOAD_PREFIX: ({ settings }) => settings.uploadLimits?.UPLOAD_PREFIX,
  FEATURES: ({ settings }) => settings.features.join(',') || undefined,
};

/** Returns the variables of a function of the API. @throws PropertyError where Lambda would refuse them for their size */
export function functionEnvironment(row: FunctionRow, inputs: FunctionInputs): Record<string, string> {
  const { bundle, environment, optionalEnvironment = [] } = row;
  const variables: Record<string, string> = {};
  for (const name of [...VARIABLES_OF_EVERY_CALL, ...environment, ...optionalEnvironment]) {
    const value = WRITERS[name](inputs);
    if (value !== undefined) variables[name] = value;
    else if (!isOptional(name) && !optionalEnvironment.includes(name))
      throw new Error(`the function ${bundle} needs the variable ${name}, for which this stack has no value`);
  }
  checkEnvironmentSize(variables);
  return variables;
}

/** The bucket's region, where it is another than the functions'. */
function bucketRegion({ bucket, signingKey }: FunctionInputs): string | undefined {
  const { region } = bucket.env;
  return Token.isUnresolved(region) || region === Stack.of(signingKey).region ? undefined : region;
}
