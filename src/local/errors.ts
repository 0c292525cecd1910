/** The reason why the local runtime did not start, or why no local runtime was found. */
export type LocalErrorCode =
  | 'ERR_UNKNOWN_OPTION'
  | 'ERR_INVALID_OPTION'
  | 'ERR_OPTION_CONFLICT'
  | 'ERR_DATA_DIR_LOCKED'
  | 'ERR_PORT_TAKEN'
  | 'ERR_ASSEMBLY_INVALID'
  | 'ERR_STACK_FAILED'
  | 'ERR_NOT_RUNNING';

/** Everything that can stand in the way of the local runtime. The message says how to fix it. */
export class LocalError extends Error {
  override readonly name: string = 'LocalError';
  readonly code: LocalErrorCode;

  constructor(code: LocalErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
