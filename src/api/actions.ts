/** What a caller may be allowed to do. */
export type Action = 'list' | 'sign' | 'upload' | 'delete';

export const ACTIONS: readonly Action[] = ['list', 'sign', 'upload', 'delete'];
