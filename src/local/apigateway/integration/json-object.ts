export type JsonObject = Readonly<Record<string, unknown>>;

/** Reads the payload of a function; undefined when it is no JSON object. */
export function parseObject(payload: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(payload);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
