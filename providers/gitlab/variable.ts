import type { Before, CheckFailure, Context, Diff, Properties, PropertyChange, Resource } from "../host/provider";
import { ApiError, Forbidden, mayHaveHappened, NotFound, Refused, Unauthorized } from "../http";
import type { Owner } from "./api/owner";
import {
  createVariable,
  deleteVariable,
  getVariable,
  updateVariable,
  type Variable,
  type VariableChanges,
} from "./api/variables";
import { GitLab } from "./client";
import { type OwnerProperty, ownerIsVisible } from "./visibility";

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

type Inputs = VariableInputs & Partial<Readonly<Record<OwnerProperty, string>>>;
type Outputs = Required<VariableInputs> & Partial<Readonly<Record<OwnerProperty, string>>>;

/** What a variable is, beside its value; each keeps its value when it is not declared. */
const attributes = ["description", "masked", "protected", "raw", "variableType"] as const;

/** What makes a variable this one and no other. */
interface Identity {
  readonly owner: string;
  readonly key: string;
  readonly scope: string;
}

/**
 * A CI/CD variable of a project or of a group.
 *
 * One that exists is taken over. Only what is declared and differs is written, so that an attribute set by hand survives.
 * A write whose answer was lost is looked up before it is sent again.
 */
export class VariableResource implements Resource<Inputs, Outputs> {
  readonly #property: OwnerProperty;

  constructor(property: OwnerProperty) {
    this.#property = property;
  }

  check(inputs: Properties): readonly CheckFailure[] {
    const { key, hidden, masked, variableType } = inputs;
    return [
      ...(typeof key === "string" && !/^\w{1,255}$/.test(key)
        ? [{ property: "key", reason: `"${key}" is no name of a variable: 1 to 255 letters, digits and "_".` }]
        : []),
      ...(hidden === true && masked === false
        ? [{ property: "masked", reason: "A hidden variable is always masked: leave it out, or set it to true." }]
        : []),
      ...(typeof variableType === "string" && variableType !== "env_var" && variableType !== "file"
        ? [{ property: "variableType", reason: `"${variableType}" is neither "env_var" nor "file".` }]
        : []),
    ];
  }

  diff(before: Before<Inputs, Outputs>, inputs: Inputs): Diff {
    const changes: Record<string, PropertyChange> = {};
    const old = this.#identity(before.inputs);
    const now = this.#identity(inputs);
    if (old.owner !== now.owner) {
      changes[this.#property] = "update-replace";
    }
    if (old.key !== now.key) {
      changes.key = "update-replace";
    }
    if (old.scope !== now.scope) {
      changes.environmentScope = before.inputs.environmentScope === undefined ? "add-replace" : "update-replace";
    }
    if (inputs.hidden !== undefined && inputs.hidden !== (before.inputs.hidden ?? before.outputs.hidden)) {
      changes.hidden = before.inputs.hidden === undefined ? "add-replace" : "update-replace";
    }
    for (const name of ["value", ...attributes] as const) {
      // One that is no longer declared keeps its value: there is nothing to do.
      if (inputs[name] !== undefined && inputs[name] !== before.inputs[name]) {
        changes[name] = before.inputs[name] === undefined ? "add" : "update";
      }
    }
    // An owner may be written by path and by number: made first, the "new" variable would be the old one, and deleted.
    return { changes, deleteBeforeReplace: old.key === now.key && old.scope === now.scope };
  }

  async create(inputs: Inputs, context: Context) {
    const identity = this.#identity(inputs);
    const gitlab = GitLab.fromEnvironment().within(context.signal);
    const made = await this.#doing("Setting", identity, () => this.#ensure(gitlab, identity, inputs));
    return { id: idOf(identity), outputs: this.#outputs(identity, made, inputs.value) };
  }

  async update(before: Before<Inputs, Outputs>, inputs: Inputs, context: Context): Promise<Outputs> {
    const identity = this.#identity(inputs);
    const changes: VariableChanges = {
      ...differences(inputs, before.outputs),
      ...(inputs.value === before.inputs.value && inputs.value === before.outputs.value ? {} : { value: inputs.value }),
    };
    if (Object.keys(changes).length === 0) {
      return before.outputs;
    }
    const gitlab = GitLab.fromEnvironment().within(context.signal);
    const changed = await this.#doing("Setting", identity, async () => {
      try {
        return await updateVariable(gitlab, this.#owner(identity), identity.key, identity.scope, changes);
      } catch (error) {
        // Somebody deleted it, or the answer was lost.
        if (error instanceof NotFound || mayHaveHappened(error)) {
          return this.#ensure(gitlab, identity, inputs);
        }
        throw error;
      }
    });
    return this.#outputs(identity, changed, inputs.value);
  }

  async read(before: Before<Partial<Inputs>, Partial<Outputs>>, context: Context) {
    const identity = parseId(before.id, this.#property);
    const gitlab = GitLab.fromEnvironment().within(context.signal);
    const imported = Object.keys(before.outputs).length === 0;
    let found: Variable | undefined;
    try {
      found = await this.#find(gitlab, identity);
      if (found === undefined && (await ownerIsVisible(gitlab, this.#property, identity.owner))) {
        return undefined;
      }
    } catch (error) {
      if (imported || !(error instanceof Unauthorized || error instanceof Forbidden)) {
        throw error;
      }
    }
    if (found === undefined) {
      const owner = `${this.#property} "${identity.owner}"`;
      if (imported) {
        throw new Error(
          `Importing "${before.id}": the variables of ${owner} cannot be seen. Check its path, and that the user of GITLAB_TOKEN may manage its variables.`,
        );
      }
      context.log.warn(
        `The variable "${identity.key}" cannot be read, because the variables of ${owner} may not be seen with GITLAB_TOKEN. What is remembered of it is kept.`,
      );
      return before as Before<Inputs, Outputs>;
    }
    if (imported && found.value === undefined) {
      context.log.warn(
        `The variable "${identity.key}" is hidden: GitLab does not show its value, and it is taken to be empty.`,
      );
    }
    const outputs = this.#outputs(identity, found, before.outputs.value ?? "");
    return { id: before.id, inputs: imported ? this.#imported(outputs) : refreshed(before.inputs, outputs), outputs };
  }

  async delete(before: Before<Inputs, Outputs>, context: Context): Promise<void> {
    const identity = parseId(before.id, this.#property);
    const gitlab = GitLab.fromEnvironment().within(context.signal);
    await this.#doing("Deleting", identity, async () => {
      try {
        await deleteVariable(gitlab, this.#owner(identity), identity.key, identity.scope);
      } catch (error) {
        const gone =
          (error instanceof NotFound && (await ownerIsVisible(gitlab, this.#property, identity.owner))) ||
          (mayHaveHappened(error) && (await this.#find(gitlab, identity)) === undefined);
        if (!gone) {
          throw error;
        }
      }
    });
  }

  async #doing<T>(what: string, identity: Identity, action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      if (error instanceof ApiError) {
        const where = `the variable "${identity.key}" of ${this.#property} "${identity.owner}"`;
        throw new Error(`${what} ${where}: ${error.message}${remedy(error)}`, { cause: error });
      }
      throw error;
    }
  }

  /** Brings the variable to what is declared, whatever is there. A lost answer is looked up, once. */
  async #ensure(gitlab: GitLab, identity: Identity, inputs: Inputs): Promise<Variable> {
    try {
      return await this.#write(gitlab, identity, inputs);
    } catch (error) {
      // Refused: somebody else may have made it between our look and our write.
      if (mayHaveHappened(error) || (error instanceof Refused && (await this.#find(gitlab, identity)) !== undefined)) {
        return this.#write(gitlab, identity, inputs);
      }
      throw error;
    }
  }

  async #write(gitlab: GitLab, identity: Identity, inputs: Inputs): Promise<Variable> {
    const owner = this.#owner(identity);
    const found = await this.#find(gitlab, identity);
    if (found === undefined) {
      const { key, value, environmentScope, hidden, masked, variableType, raw, description } = inputs;
      const rest = { environmentScope, hidden, masked, variableType, raw, description, protected: inputs.protected };
      return createVariable(gitlab, owner, { key, value, ...rest });
    }
    if (inputs.hidden !== undefined && inputs.hidden !== found.hidden) {
      throw new Error(
        `Taking over the variable "${identity.key}" of ${this.#property} "${identity.owner}": it is ${found.hidden ? "" : "not "}hidden, and GitLab decides that when a variable is made. Delete it in GitLab and run again, or leave "hidden" out.`,
      );
    }
    const changes = {
      ...differences(inputs, found),
      ...(found.value === inputs.value ? {} : { value: inputs.value }),
    };
    return Object.keys(changes).length === 0
      ? found
      : updateVariable(gitlab, owner, identity.key, identity.scope, changes);
  }

  async #find(gitlab: GitLab, identity: Identity): Promise<Variable | undefined> {
    try {
      return await getVariable(gitlab, this.#owner(identity), identity.key, identity.scope);
    } catch (error) {
      if (error instanceof NotFound) {
        return undefined;
      }
      throw error;
    }
  }

  #identity(inputs: Inputs): Identity {
    return { owner: inputs[this.#property] ?? "", key: inputs.key, scope: inputs.environmentScope ?? "*" };
  }

  #owner({ owner }: Identity): Owner {
    return this.#property === "project" ? { project: owner } : { group: owner };
  }

  /** A hidden variable's value is never shown: the one that was written is remembered. */
  #outputs(identity: Identity, found: Variable, remembered: string): Outputs {
    return {
      [this.#property]: identity.owner,
      key: identity.key,
      environmentScope: identity.scope,
      value: found.value ?? remembered,
      description: found.description ?? "",
      hidden: found.hidden,
      masked: found.masked,
      protected: found.protected,
      raw: found.raw,
      variableType: found.variableType,
    };
  }

  /** What a program would declare to get this variable. */
  #imported({ description, hidden, ...rest }: Outputs): Inputs {
    return { ...rest, ...(description === "" ? {} : { description }), ...(hidden ? { hidden } : {}) };
  }
}

function remedy(error: ApiError): string {
  if (error instanceof Unauthorized) {
    return ". Check GITLAB_TOKEN: it is not accepted.";
  }
  if (error instanceof Forbidden || error instanceof NotFound) {
    return ". The user of GITLAB_TOKEN needs the scope api, and to be a maintainer of the project or an owner of the group.";
  }
  return ".";
}

/** The declared inputs as they are now, so that a change by hand is seen as one. */
function refreshed(inputs: Partial<Inputs>, outputs: Outputs): Inputs {
  const { key, value } = outputs;
  const declared = Object.keys(inputs).map((name) => [name, outputs[name as keyof Outputs]]);
  return { key, value, ...Object.fromEntries(declared) };
}

/** The declared attributes that differ from what is there. */
function differences(inputs: VariableInputs, there: Partial<Variable>): VariableChanges {
  return Object.fromEntries(
    attributes.flatMap((name) => {
      const declared = inputs[name];
      return declared === undefined || declared === (there[name] ?? "") ? [] : [[name, declared]];
    }),
  );
}

function idOf({ owner, key, scope }: Identity): string {
  return `${owner}:${key}:${scope}`;
}

function parseId(id: string, property: OwnerProperty): Identity {
  const [, owner, key, scope] = /^([^:]+):([^:]+):(.+)$/.exec(id) ?? [];
  if (owner === undefined || key === undefined || scope === undefined) {
    throw new Error(
      `Reading "${id}": this is no id of a ${property}'s variable. Write "${property}:key:environmentScope", such as "security/tools:API_TOKEN:*".`,
    );
  }
  return { owner, key, scope };
}
