import { afterAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../run-local';
import { bootKeys, MINUTE_MS } from './local-keys';

const folder = temporaryFolder(afterAll);

/** The states of the keys after a boot with these properties, on what the boots before have left. */
async function statesAfter(props: Parameters<typeof bootKeys>[1]): Promise<string[]> {
  const local = await bootKeys(folder, props);
  try {
    const { keys } = await local.keys({ operation: 'Describe' });
    return keys.map(({ generation, keyType, state }) => `${generation} ${keyType} ${state}`);
  } finally {
    await local.close();
  }
}

describe('the keys in a deployment', () => {
  it('a raised keyGeneration rotates at the next deployment, once; a lowered one takes nothing away', async () => {
    expect(await statesAfter({ signingKeyType: 'ECDSA' })).toEqual(['1 ECDSA signing']);
    const rotating = ['2 ECDSA next', '1 ECDSA signing'];
    expect(await statesAfter({ signingKeyType: 'ECDSA', keyGeneration: 2 })).toEqual(rotating);
    expect(await statesAfter({ signingKeyType: 'ECDSA', keyGeneration: 2 })).toEqual(rotating);
    expect(await statesAfter({ signingKeyType: 'ECDSA', keyGeneration: 1 })).toEqual(rotating);
  });

  it('the stack’s own schedule lets time do its work, without anybody asking', async () => {
    const local = await bootKeys(folder, { signingKeyType: 'ECDSA' });
    try {
      expect((await local.places()).signing).toHaveLength(2);
      local.pass(61 * MINUTE_MS);
      await expect.poll(async () => (await local.places()).signing).toHaveLength(1);
    } finally {
      await local.close();
    }
  });
});
