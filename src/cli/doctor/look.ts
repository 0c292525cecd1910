/** Something that was looked at, or why it could not be: an unknown is never taken for an answer. */
export type Look<T> = { readonly seen: T } | { readonly couldNotLook: string };

/** A check needs what could not be looked at. */
export class CouldNotLookError extends Error {}

/** @throws CouldNotLookError with the reason. */
export function seen<T>(look: Look<T>): T {
  if ('seen' in look) return look.seen;
  throw new CouldNotLookError(look.couldNotLook);
}

/** Looks; an error is the reason why not. */
export async function lookAt<T>(read: () => Promise<T> | T): Promise<Look<T>> {
  try {
    return { seen: await read() };
  } catch (error) {
    return { couldNotLook: reasonOf(error) };
  }
}

const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  // AWS's errors are known by their names.
  return /^(?:Error|CouldNotLookError)$/.test(error.constructor.name)
    ? error.message
    : `${error.name}: ${error.message}`;
};
