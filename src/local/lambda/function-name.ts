import { physicalName } from '../cloudformation/physical-name';
import type { ResourceRequest } from '../cloudformation/resource-type';
import { LambdaError } from './lambda-error';

const LONGEST_NAME = 64;

/** Returns the template's FunctionName, or the generated name of the last boot, or a new one. */
export function functionNameFor(request: ResourceRequest): string {
  const { properties, previous } = request;
  if (properties.FunctionName !== undefined) return checkName(String(properties.FunctionName));
  const isGenerated = previous !== undefined && previous.properties.FunctionName === undefined;
  return isGenerated ? previous.physicalId : physicalName(request, LONGEST_NAME);
}

/** The name in `name`, `arn:…:function:name`, `ACCOUNT:function:name`, or any of them with `:$LATEST`. Source: Invoke, "FunctionName". */
export function functionNameOf(nameOrArn: string): string {
  const [, name, qualifier] = /^(?:(?:arn:[^:]*:lambda:[^:]*:)?\d*:function:)?([^:]+)(?::(.+))?$/.exec(nameOrArn) ?? [];
  if (name !== undefined && (qualifier === undefined || qualifier === '$LATEST')) return name;
  throw new LambdaError(
    'ResourceNotFoundException',
    `Function not found: ${nameOrArn} (the local runtime has no versions and aliases)`,
  );
}

function checkName(name: string): string {
  if (/^[a-zA-Z0-9-_]{1,64}$/.test(name)) return name;
  throw new LambdaError(
    'InvalidParameterValueException',
    `FunctionName ${name} is not 1 to 64 letters, digits, - and _`,
  );
}
