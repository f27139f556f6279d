import type { OwnerKind, OwnerProperty } from "../../clients/gitlab/owner";
import type { Variable, VariableChanges } from "../../clients/gitlab/projects/variables";

/** What a variable is declared with, beside its owner. */
export interface VariableInputs {
  readonly key: string;
  readonly value: string;
  readonly environmentScope?: string;
  readonly description?: string;
  readonly hidden?: boolean;
  readonly masked?: boolean;
  readonly protected?: boolean;
  readonly raw?: boolean;
  readonly variableType?: string;
}

/** What a variable is declared with. */
export type Inputs = VariableInputs & Partial<Readonly<Record<OwnerProperty, string>>>;
/** What is remembered of a variable. */
export type Outputs = Required<Omit<VariableInputs, "environmentScope" | "hidden">> &
  Pick<VariableInputs, "environmentScope" | "hidden"> &
  Partial<Readonly<Record<OwnerProperty, string>>>;

/** What a variable is, beside its value; each keeps its value when it is not declared. */
export const attributes = ["description", "masked", "protected", "raw", "variableType"] as const;

/** What makes a variable this one and no other. */
export interface Identity {
  readonly owner: string;
  readonly key: string;
  readonly scope: string;
}

/** Which variable is declared. */
export function identityOf(inputs: Inputs, kind: OwnerKind): Identity {
  if (kind === "instance") return { owner: "", key: inputs.key, scope: "*" };
  return { owner: inputs[kind] ?? "", key: inputs.key, scope: inputs.environmentScope ?? "*" };
}

/** A variable as it is remembered. A hidden one's value is never shown: the one that was written is remembered. */
export function outputsOf(kind: OwnerKind, identity: Identity, found: Variable, remembered: string): Outputs {
  return {
    ...(kind === "instance" ? {} : { [kind]: identity.owner, environmentScope: identity.scope, hidden: found.hidden }),
    key: identity.key,
    value: found.value ?? remembered,
    description: found.description ?? "",
    masked: found.masked,
    protected: found.protected,
    raw: found.raw,
    variableType: found.variableType,
  };
}

/** What a program would declare to get a variable that exists. */
export function importedInputs({ description, hidden, ...rest }: Outputs): Inputs {
  return { ...rest, ...(description === "" ? {} : { description }), ...(hidden ? { hidden } : {}) };
}

/** The declared inputs as they are now, so that a change by hand is seen as one. */
export function refreshed(inputs: Partial<Inputs>, outputs: Outputs): Inputs {
  const { key, value } = outputs;
  const declared = Object.keys(inputs).map((name) => [name, outputs[name as keyof Outputs]]);
  return { key, value, ...Object.fromEntries(declared) };
}

/** The declared attributes that differ from what is there. */
export function differences(inputs: VariableInputs, there: Partial<Variable>): VariableChanges {
  return Object.fromEntries(
    attributes.flatMap((name) => {
      const declared = inputs[name];
      return declared === undefined || declared === (there[name] ?? "") ? [] : [[name, declared]];
    }),
  );
}

/** The id of a variable; one of the instance is known by its key. */
export function idOf({ owner, key, scope }: Identity, kind: OwnerKind): string {
  if (kind === "instance") return key;
  return `${owner}:${key}:${scope}`;
}

/** The variable that an id names. */
export function parseId(id: string, kind: OwnerKind): Identity {
  if (kind === "instance") return { owner: "", key: id, scope: "*" };
  const [, owner, key, scope] = /^([^:]+):([^:]+):(.+)$/.exec(id) ?? [];
  if (owner === undefined || key === undefined || scope === undefined) {
    throw new Error(
      `Reading "${id}": this is no id of a ${kind}'s variable. Write "${kind}:key:environmentScope", such as "security/tools:API_TOKEN:*".`,
    );
  }
  return { owner, key, scope };
}
