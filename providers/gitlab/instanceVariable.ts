import { VariableResource } from "./variable";

/** A CI/CD variable of the whole instance; takes an administrator's credential. Its id is its key. */
export const instanceVariable = new VariableResource("instance");
