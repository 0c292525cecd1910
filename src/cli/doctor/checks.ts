import { BUCKET_CHECKS } from './check-buckets';
import { DISTRIBUTION_CHECKS } from './check-distribution';
import { KEY_CHECKS } from './check-keys';
import { LINK_CHECKS } from './check-links';
import type { DeployedSystem } from './deployed-system';
import type { Check, DoctorSettings, Finding } from './finding';
import { NotObservedError } from './observation';

/** Every check, in the order of the report. */
export const CHECKS: readonly Check[] = [...DISTRIBUTION_CHECKS, ...BUCKET_CHECKS, ...KEY_CHECKS, ...LINK_CHECKS];

/** A check passed, has findings, or could not be made: `notChecked` has the reason. */
export interface CheckResult {
  readonly title: string;
  readonly findings: readonly Finding[];
  readonly notChecked: string | undefined;
}

export function runChecks(system: DeployedSystem, settings: DoctorSettings): CheckResult[] {
  return CHECKS.map(({ title, run }) => {
    try {
      return { title, findings: run(system, settings), notChecked: undefined };
    } catch (error) {
      if (error instanceof NotObservedError) return { title, findings: [], notChecked: error.message };
      throw error;
    }
  });
}

/** 0: healthy; 1: something to fix; 2: a check could not be made. `information` changes none of them. */
export function exitCodeOf(results: readonly CheckResult[]): 0 | 1 | 2 {
  if (results.some(({ findings }) => findings.some(({ severity }) => severity !== 'information'))) return 1;
  return results.some(({ notChecked }) => notChecked !== undefined) ? 2 : 0;
}
