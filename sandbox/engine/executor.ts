import type { Base } from "./base";
import { rewired } from "./graph";
import type { Hooks } from "./hooks";
import { InitFailed, type Made, type Provider, type Resource } from "./operations";
import type { Registry } from "./registry";
import type { Operation, ResourceState, Value, Values } from "./state/deployment";
import type { Change, Session } from "./state/session";
import type { Events, Step } from "./step";
import { isProviderType } from "./urn";
import { isSecret, secret, unknown } from "./values";

/** Where a run writes down what it does. A preview has one that forgets. */
export type Journal = Pick<Session, "begin" | "end" | "same" | "change">;

/** A resource is protected, which is noticed before anything is done to it: the run may go on. */
export class Protected extends Error {
  override readonly name = "Protected";

  constructor(urn: string) {
    super(
      `resource "${urn}" cannot be deleted\nbecause it is protected. To unprotect the resource, either remove the \`protect\` flag from the resource in your Pulumi program and run \`pulumi up\`, or use the command:\n\`pulumi state unprotect '${urn}'\``,
    );
  }
}

/** What an executor works with. */
export interface ExecutorOptions {
  readonly preview: boolean;
  readonly base: Base;
  readonly registry: Registry;
  readonly hooks: Hooks;
  readonly journal: Journal;
  readonly events: Events;
}

const asResource = (state: ResourceState): Resource => ({
  urn: state.urn,
  id: state.id ?? "",
  inputs: state.inputs ?? {},
  outputs: state.outputs ?? {},
});

const empty = (values: Values): Values | undefined => (Object.keys(values).length === 0 ? undefined : values);

/** Carries out steps: calls hooks and providers, writes down what came of it, answers the program. */
export class Executor {
  readonly #options: ExecutorOptions;
  /** The last state that this run gave each resource, and by which step. */
  readonly news = new Map<string, { readonly step: Step; readonly state: ResourceState }>();
  /** URNs of this run's deletes: what is deleted with one of them needs no delete of its own. */
  readonly deleting = new Set<string>();
  /** States of the base that have left the state: something else has taken their place, or nothing. */
  readonly #done = new Set<ResourceState>();
  /** Set when an after-hook failed: its step stands, the run fails. */
  failedAfterwards = false;

  constructor(options: ExecutorOptions) {
    this.#options = options;
  }

  /** Carries out a step; throws when it fails. */
  async run(planned: Step): Promise<void> {
    const { events, base } = this.#options;
    const step = planned.old === undefined ? planned : { ...planned, old: base.latest(planned.old) };
    events.begin(step);
    try {
      const state = await this.#apply(step);
      if (step.old !== undefined) this.#done.add(step.old);
      events.end(step, state, false);
      if (state === undefined || step.op === "replace") return;
      this.news.set(step.urn, { step, state });
      const success = { result: "success", state, unknown: step.skippedCreate ?? false } as const;
      // A resource that was imported is compared with the program before the program hears of it.
      if (!step.op.startsWith("import")) step.registration?.settle(success);
    } catch (error) {
      events.end(step, undefined, true);
      throw error;
    }
  }

  #apply(step: Step): Promise<ResourceState | undefined> {
    switch (step.op) {
      case "same":
        return this.#same(step, must(step.next));
      case "create":
      case "create-replacement":
        return this.#create(step, must(step.next));
      case "update":
        return this.#update(step, must(step.next), must(step.old));
      case "read":
      case "read-replacement":
        return this.#read(step, must(step.next));
      case "import":
      case "import-replacement":
        return this.#import(step, must(step.next));
      case "delete":
      case "delete-replaced":
      case "discard":
      case "discard-replaced":
        return this.#delete(step, must(step.old)).then(() => undefined);
      case "remove-pending-replace":
        return this.#options.journal.change({ remove: [must(step.old)] }).then(() => undefined);
      default:
        return Promise.resolve(step.next);
    }
  }

  async #same(step: Step, wanted: ResourceState): Promise<ResourceState> {
    if (step.skippedCreate) return wanted;
    const { id, outputs, ...old } = must(step.old);
    const state = { ...wanted, ...(id !== undefined && { id }), ...(outputs !== undefined && { outputs }) };
    if (isProviderType(state.type) && !step.untargeted)
      // The inputs it had: a provider that calls a change none goes on with what it knows.
      await this.#options.registry.same({ ...state, inputs: old.inputs ?? {} });
    const known = must(step.old);
    if (known.urn === state.urn) await this.#options.journal.same(known, state);
    else await this.#options.journal.change({ remove: [known], add: state, ...this.#rename(known, state) });
    return state;
  }

  async #create(step: Step, wanted: ResourceState): Promise<ResourceState> {
    const { preview, hooks } = this.#options;
    return this.#recorded("creating", wanted, step, async () => {
      await hooks.run("beforeCreate", wanted, undefined);
      let made: Made = { id: "", outputs: {} };
      let failure: InitFailed | undefined;
      if (wanted.custom) {
        const provider = await this.#provider(wanted);
        [made, failure] = await attempt(() =>
          provider.create(wanted.urn, wanted.inputs ?? {}, preview, wanted.customTimeouts?.create ?? 0),
        );
        if (!preview && made.id === "") throw new Error("provider did not return an ID from Create");
      }
      const now = new Date().toISOString();
      const id = made.id === "" ? undefined : made.id;
      const { modified: _, created: __, ...rest } = wanted;
      const state = finish({ ...rest, ...(id && { id }), created: now, modified: now }, made.outputs, failure);
      if (wanted.custom && !failure) await this.#afterwards("afterCreate", state, undefined);
      const { old } = step;
      const replaced = step.pendingDelete ? this.#mark(old, { delete: true }) : {};
      return { state, failure, change: { add: state, ...replaced, ...(old?.pendingReplacement && { remove: [old] }) } };
    });
  }

  async #update(step: Step, wanted: ResourceState, old: ResourceState): Promise<ResourceState> {
    const { preview, hooks } = this.#options;
    const begun = { ...wanted, ...(old.id !== undefined && { id: old.id }) };
    return this.#recorded("updating", begun, step, async () => {
      await hooks.run("beforeUpdate", begun, old);
      let state = finish(begun, old.outputs ?? {});
      let failure: InitFailed | undefined;
      if (wanted.custom) {
        const provider = await this.#provider(wanted);
        const { inputs = {}, ignoreChanges = [], customTimeouts } = wanted;
        const given = { ...asResource(old), urn: wanted.urn };
        const [made, failed] = await attempt(() =>
          provider.update(given, inputs, ignoreChanges, preview, customTimeouts?.update ?? 0),
        );
        failure = failed;
        // What it is now was not made with the new inputs, so the next run must see that they still differ.
        const kept = failure ? old.inputs : wanted.inputs;
        const { inputs: _, ...rest } = begun;
        state = finish(
          { ...rest, ...(kept && { inputs: kept }), modified: new Date().toISOString() },
          made.outputs,
          failure,
        );
        if (!failure) await this.#afterwards("afterUpdate", state, old);
      }
      return { state, failure, change: { remove: [old], add: state, ...this.#rename(old, state) } };
    });
  }

  async #delete(step: Step, old: ResourceState): Promise<void> {
    const { preview, hooks } = this.#options;
    await this.#recorded("deleting", old, step, async () => {
      await hooks.run("beforeDelete", undefined, old);
      const replaced = step.op === "delete-replaced" || step.op === "discard-replaced";
      if (!replaced && old.protect) throw new Protected(old.urn);
      const leave = preview || old.external || old.retainOnDelete || !old.custom;
      if (!leave && !(old.deletedWith !== undefined && this.deleting.has(old.deletedWith))) {
        const provider = await this.#provider(old);
        await provider.delete(asResource(old), old.customTimeouts?.delete ?? 0);
      }
      await this.#afterwards("afterDelete", undefined, old);
      const change = step.pendingReplacement ? this.#mark(old, { pendingReplacement: true }) : { remove: [old] };
      return { state: old, change };
    });
  }

  async #read(step: Step, wanted: ResourceState): Promise<ResourceState> {
    return this.#recorded("reading", wanted, step, async () => {
      const { old } = step;
      // A preview does not look for what it only knows by an unknown id.
      const [made, failure] =
        wanted.id === unknown
          ? ([{ id: unknown, outputs: {} }, undefined] as const)
          : await this.#find(wanted, { ...asResource(wanted), outputs: wanted.inputs ?? {} });
      const state = finish({ ...wanted, id: made.id }, made.outputs, failure);
      const replaced = step.op === "read-replacement" ? this.#mark(old, { delete: true }) : old && { remove: [old] };
      return { state, failure, change: { add: state, ...replaced } };
    });
  }

  async #import(step: Step, wanted: ResourceState): Promise<ResourceState> {
    return this.#recorded("importing", wanted, step, async () => {
      const { importID, ...rest } = wanted;
      const given = { urn: wanted.urn, id: importID ?? "", inputs: {}, outputs: {} };
      const [{ id, inputs, outputs }, failure] = await this.#find(wanted, given);
      if (inputs === undefined) throw new Error(`The provider of "${wanted.type}" does not support imports.`);
      const now = new Date().toISOString();
      const kept = {
        ...rest,
        ...(importID && !step.byCommand && { importID }),
        id,
        inputs,
        created: now,
        modified: now,
      };
      const state = finish(kept, outputs, failure);
      const replaced = step.op === "import-replacement" ? this.#mark(step.old, { delete: true }) : {};
      return { state, change: { add: state, ...replaced } };
    });
  }

  async #find(wanted: ResourceState, given: Resource): Promise<readonly [Made, InitFailed | undefined]> {
    const provider = await this.#provider(wanted);
    return attempt(async () => {
      const answer = await provider.read(given, 0);
      if (answer === undefined) throw new Error(`resource '${given.id}' does not exist`);
      return answer;
    });
  }

  /** References to a resource's former name, in what the run has not come to yet. */
  #rename(old: ResourceState, state: ResourceState): Change {
    if (old.urn === state.urn) return {};
    const { base } = this.#options;
    const replace = base.resources.flatMap((other): readonly (readonly [ResourceState, ResourceState])[] => {
      if (other === old || this.#done.has(other)) return [];
      const after = rewired(other, (urn) => (urn === old.urn ? state.urn : urn));
      if (after === other) return [];
      base.swap(other, after);
      return [[other, after]];
    });
    return { replace };
  }

  /** Marks a state that is being replaced, where it stands. */
  #mark(old: ResourceState | undefined, mark: Pick<ResourceState, "delete" | "pendingReplacement">): Change {
    if (old === undefined) return {};
    const marked = { ...old, ...mark };
    this.#options.base.swap(old, marked);
    return { replace: [[old, marked]] };
  }

  /** Writes an operation down as pending, carries it out, and writes down what came of it. */
  async #recorded(
    type: Operation["type"],
    resource: ResourceState,
    step: Step,
    work: () => Promise<{
      readonly state: ResourceState;
      readonly failure?: InitFailed | undefined;
      readonly change: Change;
    }>,
  ): Promise<ResourceState> {
    const { journal } = this.#options;
    const operation = await journal.begin(type, resource);
    try {
      const { state, failure, change } = await work();
      await journal.end(operation, change);
      if (failure === undefined) return state;
      this.news.set(step.urn, { step, state });
      throw failure;
    } catch (error) {
      if (!(error instanceof InitFailed)) await journal.end(operation);
      throw error;
    }
  }

  async #afterwards(
    kind: "afterCreate" | "afterUpdate" | "afterDelete",
    next?: ResourceState,
    old?: ResourceState,
  ): Promise<void> {
    try {
      await this.#options.hooks.run(kind, next, old, next?.outputs ?? {});
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      this.#options.events.message("error", text, (next ?? old)?.urn);
      this.failedAfterwards = true;
    }
  }

  /** Outputs that a component, or the program itself, registers once it has made its parts. */
  async registerOutputs(urn: string, outputs: Values): Promise<void> {
    const found = this.news.get(urn);
    if (found === undefined) throw new Error(`cannot complete a resource '${urn}' whose registration isn't pending`);
    const { step, state } = found;
    if (step.skippedCreate) return;
    const { outputs: _, ...rest } = state;
    const next = { ...rest, ...(empty(outputs) && { outputs }) };
    this.news.set(urn, { step, state: next });
    if (!state.custom && step.op === "create") await this.#afterwards("afterCreate", next, undefined);
    if (!state.custom && step.op === "update") await this.#afterwards("afterUpdate", next, step.old);
    this.#options.events.outputs(step.old, next);
    await this.#options.journal.change({ replace: [[state, next]] });
  }

  async #provider(state: ResourceState): Promise<Provider> {
    const { registry, base } = this.#options;
    if (isProviderType(state.type)) return registry;
    return registry.ensure(state.provider ?? "", (urn) => base.find(urn));
  }
}

/** A state with its outputs: secret where asked for, or where the input of that name is. */
function finish(state: ResourceState, outputs: Values, failure?: InitFailed): ResourceState {
  const { initErrors: _, outputs: __, ...rest } = state;
  const marked = Object.fromEntries(
    Object.entries(outputs).map(([key, value]): [string, Value] => [
      key,
      state.additionalSecretOutputs?.includes(key) || isSecret(state.inputs?.[key]) ? secret(value) : value,
    ]),
  );
  return { ...rest, ...(empty(marked) && { outputs: marked }), ...(failure && { initErrors: failure.reasons }) };
}

/** What a provider made, also when it made it half. */
async function attempt(call: () => Promise<Made>): Promise<readonly [Made, InitFailed | undefined]> {
  try {
    return [await call(), undefined];
  } catch (error) {
    if (error instanceof InitFailed) return [error.made, error];
    throw error;
  }
}

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("A step lacks a state that it needs: a defect of the embedded engine.");
  return value;
}
