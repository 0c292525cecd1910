/** A property of a construct that cannot be: says which, what it is and what to do. */
export class PropertyError extends Error {
  override readonly name = 'PropertyError';
  readonly code = 'ERR_PROPERTY_INVALID';
  /** Its path: `uploads.prefix`, `auth.scopes[1].maxLifetime`. */
  readonly property: string;

  constructor(property: string, problem: string) {
    super(`${property} ${problem}`);
    this.property = property;
  }
}
