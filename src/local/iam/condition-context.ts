/** Condition keys in lower case, each with its values. */
export type ConditionContext = ReadonlyMap<string, readonly string[]>;
