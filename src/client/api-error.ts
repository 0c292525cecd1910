import type { Problem } from '../api/bodies';

/**
 * The API refused, or could not be reached. `code` is the API's own (docs/api.md lists them), S3's where S3 refused bytes, or
 * `ERR_NETWORK` when there was no answer; `cause` then says why. No message holds a URL.
 */
export class EdgepassApiError extends Error {
  override readonly name = 'EdgepassApiError';
  readonly code: string;
  /** 0 when there was no answer. */
  readonly status: number;
  /** The field, parameter or header that is to blame. */
  readonly field: string | undefined;
  /** To quote when a defect is reported. */
  readonly requestId: string | undefined;

  constructor(
    problem: Pick<Problem, 'code' | 'status' | 'detail'> & Partial<Pick<Problem, 'field' | 'requestId'>>,
    options?: ErrorOptions,
  ) {
    super(problem.detail, options);
    this.code = problem.code;
    this.status = problem.status;
    this.field = problem.field;
    this.requestId = problem.requestId;
  }
}
