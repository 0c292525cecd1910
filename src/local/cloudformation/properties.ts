/** How a property is supported: used, without effect for a reason, or refused where a template sets it. */
export type PropertySupport = 'used' | { readonly noEffect: string } | { readonly notImplemented: string };

export type PropertyTable = Readonly<Record<string, PropertySupport>>;

export type ResourcePropertyErrorCode = 'ERR_UNKNOWN_PROPERTY' | 'ERR_INVALID_PROPERTY' | 'ERR_NOT_IMPLEMENTED';

/** A template asks for something that the local runtime does not know, cannot read or cannot honour. */
export class ResourcePropertyError extends Error {
  override readonly name = 'ResourcePropertyError';
  readonly code: ResourcePropertyErrorCode;
  constructor(code: ResourcePropertyErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

type Values = Readonly<Record<string, unknown>>;

/** A resource's properties, or a group inside them, read strictly against a table of what the local runtime knows. */
export class Properties {
  readonly where: string;
  readonly #values: Values;

  /** @param where how messages name the place: `Lister (AWS::Lambda::Function)` */
  constructor(where: string, values: Values, table: PropertyTable) {
    this.where = where;
    this.#values = values;
    for (const [name, value] of Object.entries(values)) {
      const support = Object.hasOwn(table, name) ? table[name] : undefined;
      if (support === undefined) {
        throw new ResourcePropertyError(
          'ERR_UNKNOWN_PROPERTY',
          `${where}: the local runtime does not know the property ${name}`,
        );
      }
      if (typeof support === 'object' && 'notImplemented' in support && isSet(value)) {
        throw new ResourcePropertyError(
          'ERR_NOT_IMPLEMENTED',
          `${where}: ${name} is not implemented by the local runtime: ${support.notImplemented}`,
        );
      }
    }
  }

  has(name: string): boolean {
    return isSet(this.#values[name]);
  }

  text(name: string): string {
    return this.optionalText(name) ?? this.refuse(name, 'is missing');
  }

  optionalText(name: string): string | undefined {
    const value = this.#values[name];
    if (value === undefined) return undefined;
    return typeof value === 'string' && value !== ''
      ? value
      : this.refuse(name, 'has to be a string that is not empty');
  }

  /** A string that is there and may be empty. */
  anyText(name: string): string {
    const value = this.#values[name] ?? this.refuse(name, 'is missing');
    return typeof value === 'string' ? value : this.refuse(name, 'has to be a string');
  }

  oneOf<T extends string>(name: string, allowed: readonly T[], byDefault: T): T {
    const value = this.optionalText(name) ?? byDefault;
    return allowed.find((word) => word === value) ?? this.refuse(name, `has to be one of ${allowed.join(', ')}`);
  }

  /** CloudFormation takes `"true"` for `true`. Without a default, it has to be there. */
  flag(name: string, byDefault?: boolean): boolean {
    const value = this.#values[name] ?? byDefault ?? this.refuse(name, 'is missing');
    if (typeof value === 'boolean') return value;
    return value === 'true' || (value !== 'false' && this.refuse(name, 'has to be true or false'));
  }

  /** CloudFormation takes `"10"` for `10`. */
  optionalNumber(name: string, { min, max }: { min: number; max: number }): number | undefined {
    const value = this.#values[name];
    if (value === undefined) return undefined;
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    if (typeof number === 'number' && number >= min && number <= max) return number;
    return this.refuse(name, `has to be a number from ${min} to ${max}`);
  }

  list(name: string): readonly unknown[] {
    const value = this.#values[name] ?? [];
    return Array.isArray(value) ? value : this.refuse(name, 'has to be a list');
  }

  textList(name: string): readonly string[] {
    return this.list(name).map((item) =>
      typeof item === 'string' ? item : this.refuse(name, 'has to be a list of strings'),
    );
  }

  map(name: string): Values {
    const value = this.#values[name] ?? {};
    return isValues(value) ? value : this.refuse(name, 'has to be an object');
  }

  textMap(name: string): Readonly<Record<string, string>> {
    const entries = Object.entries(this.map(name)).map(([key, value]) => {
      if (typeof value === 'object') return this.refuse(name, `has a value for ${key} that is not a string`);
      return [key, String(value)] as const;
    });
    return Object.fromEntries(entries);
  }

  group(name: string, table: PropertyTable): Properties {
    return new Properties(`${this.where}: ${name}`, this.map(name), table);
  }

  groups(name: string, table: PropertyTable): readonly Properties[] {
    return this.list(name).map((item, index) =>
      isValues(item)
        ? new Properties(`${this.where}: ${name}[${index}]`, item, table)
        : this.refuse(name, 'has to be a list of objects'),
    );
  }

  refuse(name: string, reason: string): never {
    throw new ResourcePropertyError('ERR_INVALID_PROPERTY', `${this.where}: ${name} ${reason}`);
  }

  notImplemented(what: string): never {
    throw new ResourcePropertyError(
      'ERR_NOT_IMPLEMENTED',
      `${this.where}: ${what} is not implemented by the local runtime`,
    );
  }
}

const isValues = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Treats `false`, `""`, `[]` and `{}` as not set: templates spell them out. */
function isSet(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === 'false' || value === '') return false;
  return typeof value !== 'object' || Object.keys(value).length > 0;
}
