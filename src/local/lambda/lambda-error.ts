export type LambdaErrorCode =
  | 'AccessDeniedException'
  | 'InvalidParameterValueException'
  | 'InvalidRequestContentException'
  | 'RequestTooLargeException'
  | 'ResourceNotFoundException'
  | 'ServiceException';

/** Lambda refuses a call before any function runs. `code` is the Lambda API's own word. */
export class LambdaError extends Error {
  override readonly name = 'LambdaError';
  readonly code: LambdaErrorCode;
  constructor(code: LambdaErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
