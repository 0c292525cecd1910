import { type CloudFrontCode, EdgepassError, type EdgepassErrorCode } from '../errors';

/** The checks in the order in which CloudFront's answer is decided. */
const CHECKS = [
  'Request',
  'Key-Pair-Id',
  'Hash-Algorithm',
  'Signature encoding',
  'Policy',
  'Signature',
  'DateGreaterThan',
  'DateLessThan',
  'IpAddress',
  'Resource',
] as const;

export type CheckName = (typeof CHECKS)[number];

export interface Check {
  readonly check: CheckName;
  /** Skipped: an earlier failure left nothing to check. */
  readonly outcome: 'passed' | 'failed' | 'skipped';
  /** In words. Never a signature, an encoded policy or a key. */
  readonly detail: string;
}

export interface Explanation {
  /** CloudFront's answer: that of the first check that failed. */
  readonly verdict: 'allowed' | CloudFrontCode;
  /** Our reason for it; undefined when allowed. */
  readonly code: EdgepassErrorCode | undefined;
  readonly checks: readonly Check[];
}

/** How a check is made, and how its outcome is put into words. */
export interface CheckSteps<T> {
  readonly run: () => T;
  readonly passed: (value: T) => string;
  /** What else is known when it fails. */
  readonly hint?: (error: EdgepassError) => string | undefined;
}

/** Collects the outcome of each check; a failure is written down, not thrown. */
export class ExplanationWriter {
  readonly #checks = new Map<CheckName, Check>();
  #firstError: EdgepassError | undefined;

  attempt<T>(check: CheckName, { run, passed, hint }: CheckSteps<T>): T | undefined {
    try {
      const value = run();
      this.#checks.set(check, { check, outcome: 'passed', detail: passed(value) });
      return value;
    } catch (error) {
      if (!(error instanceof EdgepassError)) throw error;
      this.#firstError ??= error;
      const detail = [error.message, hint?.(error)].filter(Boolean).join('. ');
      this.#checks.set(check, { check, outcome: 'failed', detail });
      return undefined;
    }
  }

  end(): Explanation {
    const skipped = { outcome: 'skipped', detail: 'Not checked: an earlier check failed' } as const;
    return {
      verdict: this.#firstError === undefined ? 'allowed' : (this.#firstError.cloudFrontCode ?? 'AccessDenied'),
      code: this.#firstError?.code,
      checks: CHECKS.map((check) => this.#checks.get(check) ?? { check, ...skipped }),
    };
  }
}
