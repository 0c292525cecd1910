import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Action } from '../../api/actions';
import { FUNCTIONS } from '../../api/calls';
import type { FunctionRow, ResourceName } from '../../api/calls/function-row';
import type { FunctionInputs } from './function-inputs';
import { IDEMPOTENCY_PREFIX } from './uploads';

/** The ARNs of each resource that a row may name; none where the stack does not have it. */
const RESOURCES: Readonly<Record<ResourceName, (inputs: FunctionInputs) => string[]>> = {
  bucket: ({ bucket }) => [bucket.bucketArn],
  'bucket/*': ({ bucket }) => [bucket.arnForObjects('*')],
  'bucket/UPLOAD_PREFIX*': ({ bucket, settings }) => [bucket.arnForObjects(`${settings.uploads?.prefix ?? ''}*`)],
  'bucket/_s/idempotency/*': ({ bucket }) => [bucket.arnForObjects(`${IDEMPOTENCY_PREFIX}*`)],
  "the bucket's KMS key": ({ bucket }) => arnOf(bucket.encryptionKey),
  "the signing key's parameter": ({ signingKey }) => [signingKey.parameterArn],
  "the signing key's KMS key": ({ signingKey }) => arnOf(signingKey.encryptionKey),
  "the public keys' parameter": ({ signingKey }) => [signingKey.publicKeysParameterArn],
};

const arnOf = (key: IKey | undefined): string[] => (key ? [key.keyArn] : []);

/** Returns the statements of a function's role, in the order of its row. */
export const functionStatements = ({ permissions }: FunctionRow, inputs: FunctionInputs): PolicyStatement[] =>
  permissions.flatMap(({ allow, on }) => {
    const resources = RESOURCES[on](inputs);
    return resources.length === 0 ? [] : [new PolicyStatement({ actions: [...allow], resources })];
  });

/** Returns the bundles of the functions with a permission on the resource, each with what it may do. */
export const permissionsOn = (resource: ResourceName): { bundle: string; actions: readonly string[] }[] =>
  FUNCTIONS.flatMap(({ bundle, permissions }) =>
    permissions.filter(({ on }) => on === resource).map(({ allow }) => ({ bundle, actions: allow })),
  );

/** Returns the bundle whose calls have the action. */
export function bundleOfAction(action: Action): string {
  const found = FUNCTIONS.find(({ calls }) => Object.values(calls).some((call) => call.action === action));
  if (!found) throw new Error(`no call has the action ${action}`);
  return found.bundle;
}
