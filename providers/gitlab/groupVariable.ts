import { VariableResource } from "./variable";

/** A CI/CD variable of a group. Its id is `group:key:environmentScope`. */
export const groupVariable = new VariableResource("group");
