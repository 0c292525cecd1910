import type { Clock } from '../clock';
import type { Parameter, ParameterFile } from './parameter-file';
import { SsmError } from './ssm-error';

export interface SsmContext {
  readonly parameters: ParameterFile;
  readonly region: string;
  readonly accountId: string;
  readonly now: Clock;
}

type Input = Readonly<Record<string, unknown>>;

interface Operation {
  readonly authorization: { readonly action: string; resources(input: Input, context: SsmContext): string[] };
  run(input: Input, context: SsmContext): object;
}

export type OperationName = 'PutParameter' | 'GetParameter' | 'GetParameters' | 'DeleteParameter';

/** Source: Systems Manager User Guide, "Managing parameter tiers". */
const LONGEST_VALUE = 4096;

const TYPES = ['String', 'StringList', 'SecureString'] as const;

/** What an operation of this input may name; anything else is refused, never dropped. */
const FIELDS: Readonly<Record<OperationName, readonly string[]>> = {
  PutParameter: ['Name', 'Value', 'Type', 'Overwrite', 'Description', 'KeyId', 'Tier'],
  GetParameter: ['Name', 'WithDecryption'],
  GetParameters: ['Names', 'WithDecryption'],
  DeleteParameter: ['Name'],
};

export const OPERATIONS: Readonly<Record<OperationName, Operation>> = {
  PutParameter: {
    authorization: { action: 'ssm:PutParameter', resources: arnOfName },
    run(input, { parameters, now }) {
      checkFields('PutParameter', input);
      const [name, value] = [nameOf(input), textOf(input, 'Value')];
      const previous = parameters.get(name);
      if (previous && input.Overwrite !== true) {
        throw new SsmError(
          'ParameterAlreadyExists',
          'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
        );
      }
      const type = TYPES.find((known) => known === (input.Type ?? previous?.type));
      if (!type) throw new SsmError('ValidationException', `Type has to be one of ${TYPES.join(', ')}`);
      if (input.Tier !== undefined && input.Tier !== 'Standard')
        throw new SsmError(
          'ValidationException',
          `the local runtime does not have the Tier ${input.Tier} (NotImplemented)`,
        );
      if (input.KeyId !== undefined && type !== 'SecureString')
        throw new SsmError('ValidationException', 'KeyId is for a SecureString only');
      if (value.length > LONGEST_VALUE)
        throw new SsmError(
          'ValidationException',
          `Standard tier parameters support a maximum parameter value of ${LONGEST_VALUE} characters.`,
        );
      const version = (previous?.version ?? 0) + 1;
      parameters.set(name, { type, value, version, lastModified: now().getTime() });
      return { Tier: 'Standard', Version: version };
    },
  },
  GetParameter: {
    authorization: { action: 'ssm:GetParameter', resources: arnOfName },
    run(input, context) {
      checkFields('GetParameter', input);
      const name = nameOf(input);
      const parameter = context.parameters.get(name);
      if (!parameter) throw new SsmError('ParameterNotFound', `there is no parameter ${name}`);
      return { Parameter: describe(name, parameter, input.WithDecryption === true, context) };
    },
  },
  GetParameters: {
    authorization: {
      action: 'ssm:GetParameters',
      resources: (input, context) => namesOf(input).map((name) => arnOf(name, context)),
    },
    run(input, context) {
      checkFields('GetParameters', input);
      const names = namesOf(input);
      const found = names.filter((name) => context.parameters.get(name));
      return {
        Parameters: found.flatMap((name) => {
          const parameter = context.parameters.get(name);
          return parameter ? [describe(name, parameter, input.WithDecryption === true, context)] : [];
        }),
        InvalidParameters: names.filter((name) => !found.includes(name)),
      };
    },
  },
  DeleteParameter: {
    authorization: { action: 'ssm:DeleteParameter', resources: arnOfName },
    run(input, { parameters }) {
      checkFields('DeleteParameter', input);
      const name = nameOf(input);
      if (!parameters.delete(name)) throw new SsmError('ParameterNotFound', `there is no parameter ${name}`);
      return {};
    },
  },
};

function arnOfName(input: Input, context: SsmContext): string[] {
  return [arnOf(nameOf(input), context)];
}

const arnOf = (name: string, { region, accountId }: SsmContext): string =>
  `arn:aws:ssm:${region}:${accountId}:parameter/${name.replace(/^\//, '')}`;

function describe(name: string, parameter: Parameter, withDecryption: boolean, context: SsmContext): object {
  const isHidden = parameter.type === 'SecureString' && !withDecryption;
  return {
    Name: name,
    Type: parameter.type,
    Value: isHidden ? context.parameters.ciphertext(name) : parameter.value,
    Version: parameter.version,
    LastModifiedDate: parameter.lastModified / 1000,
    ARN: arnOf(name, context),
    DataType: 'text',
  };
}

function checkFields(operation: OperationName, input: Input): void {
  const unknown = Object.keys(input).find((name) => !FIELDS[operation].includes(name));
  if (unknown)
    throw new SsmError(
      'ValidationException',
      `the local runtime does not take ${unknown} in ${operation} (NotImplemented)`,
    );
}

function textOf(input: Input, field: string): string {
  const value = input[field];
  if (typeof value === 'string' && value !== '') return value;
  throw new SsmError('ValidationException', `${field} has to be a string that is not empty`);
}

/** Source: PutParameter, "Name". */
function nameOf(input: Input): string {
  return checkName(textOf(input, 'Name'));
}

function namesOf(input: Input): string[] {
  const names = input.Names;
  if (!Array.isArray(names) || names.length === 0 || names.length > 10) {
    throw new SsmError('ValidationException', 'Names has to be a list of 1 to 10 names');
  }
  return names.map((name) => checkName(String(name)));
}

function checkName(name: string): string {
  if (/^[\w./-]{1,2048}$/.test(name) && (!name.includes('/') || name.startsWith('/'))) return name;
  throw new SsmError(
    'ValidationException',
    'a parameter name has letters, digits, and . - _; a hierarchy begins with /',
  );
}
