/**
 * Declared as a feature of a state that a journal continues. The Pulumi CLI refuses such a state and shows these words; any
 * command of the embedded engine reads both, and its `cancel` makes one of them.
 */
export const unfinished = "a journal beside it (`cancel` of the embedded engine makes one of both)";
