import type { PrivateContentProps } from 'edgepass/cdk';
import { JWT, MAXIMUM, OPERATED } from '../cdk/contents';

/** A stack that has every function there is, and that the local runtime boots. */
export const EVERY_FUNCTION: PrivateContentProps = { ...MAXIMUM, ...OPERATED, auth: JWT };
