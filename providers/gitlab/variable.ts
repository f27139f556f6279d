import { GitLab } from "../../clients/gitlab/client";
import { type Owner, type OwnerKind, ownerTitle } from "../../clients/gitlab/owner";
import {
  createVariable,
  deleteVariable,
  getVariable,
  updateVariable,
  type Variable,
  type VariableChanges,
  variablesOf,
} from "../../clients/gitlab/projects/variables";
import { isVisible } from "../../clients/gitlab/users/visibility";
import { ApiError, Forbidden, mayHaveHappened, NotFound, Refused, Unauthorized } from "../../clients/http";
import { variableRefusal } from "../../places/variable/refusal";
import { type Identity as OneVariable, refusedFor, titleOf, writeVariable } from "../../places/variable/write";
import type { Before, CheckFailure, Context, Diff, Properties, PropertyChange, Resource } from "../host/provider";
import {
  attributes,
  differences,
  type Identity,
  type Inputs,
  identityOf,
  idOf,
  importedInputs,
  type Outputs,
  outputsOf,
  parseId,
  refreshed,
} from "./variableState";

/**
 * A CI/CD variable of a project, of a group or of the instance.
 *
 * One that exists is taken over. Only what is declared and differs is written, so that an attribute set by hand survives.
 * A write whose answer was lost is looked up before it is sent again.
 */
export class VariableResource implements Resource<Inputs, Outputs> {
  readonly #kind: OwnerKind;

  constructor(kind: OwnerKind) {
    this.#kind = kind;
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
    const old = identityOf(before.inputs, this.#kind);
    const now = identityOf(inputs, this.#kind);
    if (old.owner !== now.owner) {
      if (this.#kind !== "instance") changes[this.#kind] = "update-replace";
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

  /** Makes the variable, or takes over the one that exists. */
  async create(inputs: Inputs, context: Context) {
    const identity = identityOf(inputs, this.#kind);
    const gitlab = GitLab.fromEnvironment().within(context.signal);
    const made = await this.#doing("Setting", identity, () => this.#ensure(gitlab, identity, inputs));
    return { id: idOf(identity, this.#kind), outputs: outputsOf(this.#kind, identity, made, inputs.value) };
  }

  /** Sends what changed. */
  async update(before: Before<Inputs, Outputs>, inputs: Inputs, context: Context): Promise<Outputs> {
    const identity = identityOf(inputs, this.#kind);
    const changes: VariableChanges = {
      ...differences(inputs, before.outputs),
      ...(inputs.value === before.inputs.value && inputs.value === before.outputs.value ? {} : { value: inputs.value }),
    };
    if (Object.keys(changes).length === 0) {
      return before.outputs;
    }
    const gitlab = GitLab.fromEnvironment().within(context.signal);
    const changed = await this.#doing("Setting", identity, () =>
      writeVariable(gitlab, this.#one(identity), changes, () => this.#ensure(gitlab, identity, inputs)),
    );
    return outputsOf(this.#kind, identity, changed, inputs.value);
  }

  async read(before: Before<Partial<Inputs>, Partial<Outputs>>, context: Context) {
    const identity = parseId(before.id, this.#kind);
    const gitlab = GitLab.fromEnvironment().within(context.signal);
    const imported = Object.keys(before.outputs).length === 0;
    let found: Variable | undefined;
    try {
      found = await this.#find(gitlab, identity);
      if (found === undefined && (await isVisible(gitlab, variablesOf(this.#owner(identity))))) {
        return undefined;
      }
    } catch (error) {
      if (imported || !(error instanceof Unauthorized || error instanceof Forbidden)) {
        throw error;
      }
    }
    if (found === undefined) {
      const owner = ownerTitle(this.#owner(identity));
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
    const outputs = outputsOf(this.#kind, identity, found, before.outputs.value ?? "");
    return { id: before.id, inputs: imported ? importedInputs(outputs) : refreshed(before.inputs, outputs), outputs };
  }

  async delete(before: Before<Inputs, Outputs>, context: Context): Promise<void> {
    const identity = parseId(before.id, this.#kind);
    const gitlab = GitLab.fromEnvironment().within(context.signal);
    await this.#doing("Deleting", identity, async () => {
      try {
        await deleteVariable(gitlab, this.#owner(identity), identity.key, identity.scope);
      } catch (error) {
        const gone =
          (error instanceof NotFound && (await isVisible(gitlab, variablesOf(this.#owner(identity))))) ||
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
        const one = this.#one(identity);
        const why = await refusedFor(error, one, () => GitLab.fromEnvironment());
        throw new Error(`${what} ${titleOf(one)}: ${why}.`, { cause: error });
      }
      throw error;
    }
  }

  /** Brings the variable to what is declared, whatever is there. A lost answer is looked up, once. */
  async #ensure(gitlab: GitLab, identity: Identity, inputs: Inputs): Promise<Variable> {
    try {
      return await this.#write(gitlab, identity, inputs);
    } catch (error) {
      if (mayHaveHappened(error)) {
        return this.#write(gitlab, identity, inputs);
      }
      throw error;
    }
  }

  async #write(gitlab: GitLab, identity: Identity, inputs: Inputs): Promise<Variable> {
    const found = await this.#find(gitlab, identity);
    if (found !== undefined) {
      return this.#takeOver(gitlab, identity, found, inputs);
    }
    const { project, group, ...made } = inputs;
    try {
      return await createVariable(gitlab, this.#owner(identity), made);
    } catch (error) {
      // Somebody else may have made it since we looked.
      const since = error instanceof Refused ? await this.#find(gitlab, identity) : undefined;
      if (since === undefined) {
        throw error;
      }
      return this.#takeOver(gitlab, identity, since, inputs);
    }
  }

  async #takeOver(gitlab: GitLab, identity: Identity, found: Variable, inputs: Inputs): Promise<Variable> {
    const refusal = variableRefusal(found, inputs);
    if (refusal !== undefined) {
      throw new Error(`Taking over ${titleOf(this.#one(identity))}: ${refusal}.`);
    }
    const changes = {
      ...differences(inputs, found),
      ...(found.value === inputs.value ? {} : { value: inputs.value }),
    };
    return Object.keys(changes).length === 0
      ? found
      : updateVariable(gitlab, this.#owner(identity), identity.key, identity.scope, changes);
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

  #one(identity: Identity): OneVariable {
    return { owner: this.#owner(identity), key: identity.key, scope: identity.scope };
  }

  #owner({ owner }: Identity): Owner {
    if (this.#kind === "instance") return { instance: true };
    return this.#kind === "project" ? { project: owner } : { group: owner };
  }
}
