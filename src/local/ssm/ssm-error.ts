const STATUS = {
  AccessDeniedException: 400,
  InternalServerError: 500,
  ParameterAlreadyExists: 400,
  ParameterNotFound: 400,
  SerializationException: 400,
  UnknownOperationException: 400,
  ValidationException: 400,
} as const;

/** An error in SSM's own words. */
export class SsmError extends Error {
  override readonly name = 'SsmError';
  readonly code: keyof typeof STATUS;
  readonly status: number;
  constructor(code: keyof typeof STATUS, message: string) {
    super(message);
    this.code = code;
    this.status = STATUS[code];
  }
}
