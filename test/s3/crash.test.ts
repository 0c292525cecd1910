import { describe, it } from 'vitest';
import { expectNothingLost } from './survive-kills';

describe('S3 that is killed', () => {
  it('loses nothing that was acknowledged in 5 kills during uploads, completions and deletes', () =>
    expectNothingLost(5));
});
