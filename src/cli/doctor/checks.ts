import { BUCKET_CHECKS } from './check-buckets';
import { DISTRIBUTION_CHECKS } from './check-distribution';
import { KEY_CHECKS } from './check-keys';
import { LINK_CHECKS } from './check-links';
import type { DeployedSystem } from './deployed-system';
import type { Check, DoctorSettings, Finding } from './finding';
import { CouldNotLookError } from './look';

/** Every check, in the order they are told. */
export const CHECKS: readonly Check[] = [...DISTRIBUTION_CHECKS, ...BUCKET_CHECKS, ...KEY_CHECKS, ...LINK_CHECKS];

/** What came of a check: nothing to say, findings, or no look. */
export interface Outcome {
  readonly holds: string;
  readonly findings: readonly Finding[];
  readonly couldNotLook: string | undefined;
}

export function diagnose(system: DeployedSystem, settings: DoctorSettings): Outcome[] {
  return CHECKS.map(({ holds, look }) => {
    try {
      return { holds, findings: look(system, settings), couldNotLook: undefined };
    } catch (error) {
      if (error instanceof CouldNotLookError) return { holds, findings: [], couldNotLook: error.message };
      throw error;
    }
  });
}

/** 0: healthy, 1: something to mend, 2: not everything could be looked at. Information mends nothing. */
export function exitCodeOf(outcomes: readonly Outcome[]): 0 | 1 | 2 {
  if (outcomes.some(({ findings }) => findings.some(({ severity }) => severity !== 'information'))) return 1;
  return outcomes.some(({ couldNotLook }) => couldNotLook !== undefined) ? 2 : 0;
}
