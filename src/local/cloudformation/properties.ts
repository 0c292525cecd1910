import type { ResourceRequest } from './resource-type';

/**
 * Refuses a property that home neither acts on nor knows to be without effect: a template must never mean less at home than its
 * author believes.
 */
export function refuseUnknown(
  { logicalId, properties }: ResourceRequest,
  known: readonly string[],
  inert: Readonly<Record<string, string>>,
): void {
  const unknown = Object.keys(properties).filter((name) => !known.includes(name) && !(name in inert));
  if (unknown.length > 0) {
    throw new Error(
      `${logicalId}: home does not simulate ${unknown.join(', ')}; remove it from the template or deploy to AWS`,
    );
  }
}
