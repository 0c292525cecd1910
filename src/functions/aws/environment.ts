import { isOptional, type OptionalVariable, type Variable } from '../../api/environment';

type Value<Name extends Variable> = Name extends OptionalVariable ? string | undefined : string;

/** Returns the value that the construct has written into a variable. @throws Error with the name of a required variable that is missing */
export function variable<Name extends Variable>(name: Name): Value<Name> {
  const value = process.env[name];
  if (value === undefined && !isOptional(name)) throw missing(name);
  return value as Value<Name>;
}

/**
 * Checks the variables of a function while Lambda initializes it, so that a deployment with a variable missing shows by its first log line. Tests
 * import handlers before they know the environment: outside of Lambda a variable is checked when it is read.
 *
 * @throws Error with the name of the first required variable that is missing
 */
export function requireVariables(names: readonly Variable[]): void {
  if (process.env.AWS_LAMBDA_FUNCTION_NAME === undefined) return;
  for (const name of names) variable(name);
}

const missing = (name: Variable): Error =>
  new Error(`the environment variable ${name} is missing: deploy the construct of the same version of edgepass`);
