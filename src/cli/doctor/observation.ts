/** A value that was read, or the reason why it could not be: nothing that is unknown is taken for a value. */
export type Observation<T> = { readonly value: T } | { readonly notObserved: string };

/** A check needs a value that could not be read. */
export class NotObservedError extends Error {}

/** @throws NotObservedError with the reason. */
export function observed<T>(observation: Observation<T>): T {
  if ('value' in observation) return observation.value;
  throw new NotObservedError(observation.notObserved);
}

/** Reads a value; an error becomes the reason why there is none. */
export async function observe<T>(read: () => Promise<T> | T): Promise<Observation<T>> {
  try {
    return { value: await read() };
  } catch (error) {
    return { notObserved: reasonOf(error) };
  }
}

const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  // AWS's errors are known by their names.
  return /^(?:Error|NotObservedError)$/.test(error.constructor.name)
    ? error.message
    : `${error.name}: ${error.message}`;
};
