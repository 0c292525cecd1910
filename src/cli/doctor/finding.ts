import type { DeployedSystem } from './deployed-system';

/** `error`: links are open to others, or do not work. `warning`: something will fail, or guards less than it could. */
export type Severity = 'error' | 'warning' | 'information';

export interface Finding {
  /** Stable: scripts may ask for it. */
  readonly code: string;
  readonly severity: Severity;
  readonly what: string;
  /** A command to run, or a line of code to change. */
  readonly fix: string;
}

export interface DoctorSettings {
  /** Days after which a key pair is called old. */
  readonly maxKeyAge: number;
  /** Path patterns of behaviors that are meant to serve without a signature. */
  readonly publicPaths: readonly string[];
}

export interface Check {
  /** States what is true where the check has no finding: `no bucket is public`. */
  readonly title: string;
  /** @throws NotObservedError */
  run(system: DeployedSystem, settings: DoctorSettings): readonly Finding[];
}

/** The exit code where not everything could be looked at, also for options that are wrong: 1 means findings. */
export const COULD_NOT_LOOK = 2;
