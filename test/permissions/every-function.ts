import type { PrivateContentProps } from 'edgepass/cdk';
import { JWT, MAXIMUM } from '../cdk/contents';

/** A stack that has every function there is, and that home boots. */
export const EVERY_FUNCTION: PrivateContentProps = { ...MAXIMUM, auth: JWT };
