import type { GitLab } from "../client";
import { groupPath, type Owner, projectPath } from "../owner";
import type { Read, Shape } from "../shape";

/** A CI/CD variable as GitLab has it. */
export interface Variable {
  readonly key: string;
  /** Absent when the variable is hidden: GitLab never shows it again. */
  readonly value: string | undefined;
  readonly variableType: string;
  readonly protected: boolean;
  readonly masked: boolean;
  readonly hidden: boolean;
  readonly raw: boolean;
  /** `*` for instance variables, which have none. */
  readonly environmentScope: string;
  readonly description: string | undefined;
}

/** What a variable may be made with. */
export interface NewVariable {
  readonly key: string;
  readonly value: string;
  readonly variableType?: string | undefined;
  readonly protected?: boolean | undefined;
  readonly masked?: boolean | undefined;
  /** Masked, and its value never shown again. Only at creation. */
  readonly hidden?: boolean | undefined;
  readonly raw?: boolean | undefined;
  readonly environmentScope?: string | undefined;
  readonly description?: string | undefined;
}

/** What may be changed of a variable. What is absent stays as it is. */
export type VariableChanges = Partial<Omit<NewVariable, "key" | "hidden">>;

/** The variable of that key and scope. A 404 is `NotFound`; its `serverMessage` tells a missing variable from a missing owner. */
export function getVariable(gitlab: GitLab, owner: Owner, key: string, scope = "*"): Promise<Variable> {
  return gitlab.get(oneOf(owner, key), variable, filter(owner, scope));
}

/** The variable of that key in whatever scope; `Conflict` when there is one in several. */
export function getVariableOfKey(gitlab: GitLab, owner: Owner, key: string): Promise<Variable> {
  return gitlab.get(oneOf(owner, key), variable);
}

/** All variables of an owner, in all scopes. */
export function listVariables(gitlab: GitLab, owner: Owner): Promise<Variable[]> {
  return gitlab.list(variablesOf(owner), variable);
}

/** Makes a variable; `Refused` when one of that key and scope exists. */
export function createVariable(gitlab: GitLab, owner: Owner, made: NewVariable): Promise<Variable> {
  const { key, hidden, ...rest } = made;
  const body = { key, ...attributes(owner, rest), ...(hidden ? { masked_and_hidden: true } : {}) };
  return gitlab.write("POST", variablesOf(owner), asSent(owner, key, rest.environmentScope ?? "*", rest.value), {
    body,
  });
}

/** Changes a variable. May be repeated. */
export function updateVariable(
  gitlab: GitLab,
  owner: Owner,
  key: string,
  scope: string,
  changes: VariableChanges,
): Promise<Variable> {
  const query = filter(owner, scope);
  const read = asSent(owner, key, changes.environmentScope ?? scope, changes.value);
  return gitlab.write("PUT", oneOf(owner, key), read, { query, body: attributes(owner, changes) });
}

/** Deletes a variable. */
export function deleteVariable(gitlab: GitLab, owner: Owner, key: string, scope = "*"): Promise<void> {
  const isIt = (one: Variable) => one.key === key && one.environmentScope === scope;
  const isGone = async () => !(await listVariables(gitlab, owner)).some(isIt);
  return gitlab.remove(oneOf(owner, key), isGone, filter(owner, scope));
}

/** Where an owner's variables are. */
export function variablesOf(owner: Owner): string {
  if (owner.group !== undefined) return `${groupPath(owner.group)}/variables`;
  return owner.project !== undefined ? `${projectPath(owner.project)}/variables` : "/admin/ci/variables";
}

function oneOf(owner: Owner, key: string): string {
  return `${variablesOf(owner)}/${encodeURIComponent(key)}`;
}

function isScoped(owner: Owner): boolean {
  return owner.group !== undefined || owner.project !== undefined;
}

function filter(owner: Owner, scope: string): Record<string, string> {
  return isScoped(owner) ? { "filter[environment_scope]": scope } : {};
}

function attributes(owner: Owner, given: VariableChanges): Record<string, unknown> {
  const scope = isScoped(owner) ? { environment_scope: given.environmentScope } : {};
  const all = {
    value: given.value,
    variable_type: given.variableType,
    protected: given.protected,
    masked: given.masked,
    raw: given.raw,
    description: given.description,
    ...scope,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** Reads a variable that was written; a hidden one answers with no value. */
function asSent(owner: Owner, key: string, scope: string, value: string | undefined): Read<Variable> {
  return (shape) => {
    const answered = variable(shape);
    shape.same("key", key);
    if (isScoped(owner)) shape.same("environment_scope", scope);
    if (value !== undefined && answered.value !== undefined) shape.same("value", value);
    return answered;
  };
}

function variable(shape: Shape): Variable {
  return {
    key: shape.text("key"),
    value: shape.optionalText("value"),
    variableType: shape.optionalText("variable_type") ?? "env_var",
    protected: shape.flag("protected"),
    masked: shape.flag("masked"),
    hidden: shape.flag("hidden"),
    raw: shape.flag("raw"),
    environmentScope: shape.optionalText("environment_scope") ?? "*",
    description: shape.optionalText("description"),
  };
}
