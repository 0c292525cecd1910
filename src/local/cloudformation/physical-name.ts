import { randomInt } from 'node:crypto';
import type { ResourceRequest } from './resource-type';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** A name as CloudFormation makes them: `STACK-LOGICALID-RANDOM`, cut to the service's longest. */
export function physicalName({ stack, logicalId }: ResourceRequest, maxLength: number): string {
  const random = Array.from({ length: 12 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  const room = maxLength - random.length - 2;
  const stackName = stack.stackName.slice(0, Math.max(1, room - Math.min(logicalId.length, Math.ceil(room / 2))));
  return `${stackName}-${logicalId.slice(0, room - stackName.length)}-${random}`;
}
