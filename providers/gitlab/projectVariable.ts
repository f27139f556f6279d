import { VariableResource } from "./variable";

/** A CI/CD variable of a project. Its id is `project:key:environmentScope`. */
export const projectVariable = new VariableResource("project");
