import { describe, it } from 'vitest';
import { expectNothingLost } from './survive-kills';

const KILLS = process.env.EDGEPASS_NIGHTLY === '1' ? 1_000 : 50;

describe('S3 that is killed', () => {
  it(`loses nothing that was acknowledged in ${KILLS} kills during uploads, completions and deletes`, () =>
    expectNothingLost(KILLS));
});
