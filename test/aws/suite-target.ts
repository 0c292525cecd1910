import type { ChildProcess } from 'node:child_process';
import type { Target } from '../conformance/replay';
import type { Environment } from '../run-local';

/** A deployed stack, as the suite asks it. */
export interface SuiteTarget {
  /** What the walkthrough needs. */
  readonly environment: Environment;
  readonly distribution: Target;
  /** The local runtime's; AWS has none. */
  readonly process?: ChildProcess;
  close(): Promise<void>;
}
