import { awsSdk } from '../aws-sdk';
import type { AwsOptions } from '../aws-target';
import { confirmByName, requireTerminal } from '../confirm';
import { findDeployedFunction, findLocalFunction, type RotationFunction } from './find-rotation-function';
import { type DescribedKeys, printKeys, printRotation } from './print-keys';

export interface KeysOptions extends AwsOptions {
  /** A local runtime's; else AWS. */
  readonly dataDir?: string;
  readonly stack: string;
  readonly json?: true;
}

export interface RotateOptions extends KeysOptions {
  readonly now?: true;
  readonly force?: true;
}

/** `edgepass keys list`: the keys that the key group trusts, and which of them signs. */
export async function listKeys(options: KeysOptions): Promise<void> {
  const described = await invoke(await findRotationFunction(options), 'Describe');
  console.log(options.json ? JSON.stringify(described, null, 2) : printKeys(described));
}

/** `edgepass keys rotate`: adds a key that takes over; with `--now` it signs at once and every other is refused. */
export async function rotateKey({ now, force, ...options }: RotateOptions): Promise<void> {
  if (now && !force) requireTerminal('edgepass keys rotate --now');
  const rotationFunction = await findRotationFunction(options);
  if (
    now &&
    !force &&
    !(await confirmByName(`Rotating now ends every link of ${rotationFunction.owner}.`, rotationFunction.owner))
  )
    throw new Error('nothing was rotated');
  const described = await invoke(rotationFunction, now ? 'RotateNow' : 'Rotate');
  console.log(options.json ? JSON.stringify(described, null, 2) : printRotation(described));
}

const findRotationFunction = ({ dataDir, stack, ...options }: KeysOptions): Promise<RotationFunction> =>
  dataDir === undefined ? findDeployedFunction(stack, options) : findLocalFunction(dataDir);

/** @throws Error in the function's words. */
async function invoke(
  { functionName, client: config }: RotationFunction,
  operation: 'Describe' | 'Rotate' | 'RotateNow',
): Promise<DescribedKeys> {
  const { LambdaClient, InvokeCommand } = await awsSdk('lambda');
  const client = new LambdaClient(config);
  try {
    const Payload = JSON.stringify({ operation });
    const answer = await client.send(new InvokeCommand({ FunctionName: functionName, Payload }));
    const payload = JSON.parse(answer.Payload?.transformToString() ?? 'null');
    if (!answer.FunctionError) return payload as DescribedKeys;
    const { errorType, errorMessage } = payload as { errorType?: string; errorMessage?: string };
    throw new Error(`the key was not rotated (${errorType}): ${errorMessage}`);
  } finally {
    client.destroy();
  }
}
