import { awsSdk } from '../aws-sdk';
import type { AwsOptions } from '../aws-target';
import { isNameWritten, requireTerminal } from '../confirm';
import { type Keeper, keeperAtHome, keeperOnAws } from './find-keeper';
import { type DescribedKeys, printKeys, printRotation } from './print-keys';

export interface KeysOptions extends AwsOptions {
  /** A home's; else AWS. */
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
  const described = await invoke(await findKeeper(options), 'Describe');
  console.log(options.json ? JSON.stringify(described, null, 2) : printKeys(described));
}

/** `edgepass keys rotate`: adds a key that takes over; with `--now` it signs at once and every other is refused. */
export async function rotateKey({ now, force, ...options }: RotateOptions): Promise<void> {
  if (now && !force) requireTerminal('edgepass keys rotate --now');
  const keeper = await findKeeper(options);
  if (now && !force && !(await isNameWritten(`Rotating now ends every link of ${keeper.of}.`, keeper.of)))
    throw new Error('nothing was rotated');
  const described = await invoke(keeper, now ? 'RotateNow' : 'Rotate');
  console.log(options.json ? JSON.stringify(described, null, 2) : printRotation(described));
}

const findKeeper = ({ dataDir, stack, ...options }: KeysOptions): Promise<Keeper> =>
  dataDir === undefined ? keeperOnAws(stack, options) : keeperAtHome(dataDir);

/** @throws Error in the function's words. */
async function invoke(
  { functionName, client: config }: Keeper,
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
