import { join } from 'node:path';

/** The stack of the assembly that this package ships. */
export const READY_MADE_STACK = 'Edgepass';

/** The cloud assembly of the ready-made stack, synthesized and validated when this package was built. It is read, never written. */
export const READY_MADE_ASSEMBLY: string = join(__dirname, '..', '..', 'dist', 'assembly');
