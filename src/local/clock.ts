/** Returns the time that the local runtime goes by. */
export type Clock = () => Date;

/** The machine's own. */
export const machineClock: Clock = () => new Date();
