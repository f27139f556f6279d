import { isDeepStrictEqual } from "node:util";
import type { Run } from "./operation";
import { type Diff, InitFailed, type Made, type Plugins } from "./plugin";
import type { Step } from "./report";
import type { Change, Place, Snapshot } from "./snapshot";
import type { Operation, ResourceState, Value, Values } from "./state/deployment";
import { isProviderType } from "./urn";
import { isSecret, known, secret } from "./values";

/** How a registration ended. */
export interface Registered {
  readonly result: "success" | "failed" | "skipped";
  readonly state: ResourceState;
  /** It is not there, and was left out of this run: its outputs are not known. */
  readonly unknown?: boolean;
}

/** A step that is planned, and still to be named. */
export type Plan = Omit<Step, "op"> & { readonly next: ResourceState };

/** The run was stopped before this could begin. */
export class Stopped extends Error {}

/** A step went wrong. */
export class StepFailed extends Error {
  constructor(
    readonly step: Step,
    cause: unknown,
  ) {
    super((cause as Error).message, { cause });
  }
}

/** What came of a step: a state, what it changes, and why it failed although something was made. */
interface Outcome {
  readonly state?: ResourceState;
  readonly change: Change;
  readonly failure?: InitFailed | undefined;
}

/** Carries out steps: calls providers and puts what came of it into the state. */
export class Steps {
  #isStopped = false;
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(
    private readonly run: Pick<Run, "preview" | "report">,
    private readonly plugins: Pick<Plugins, "of">,
    private readonly state: Snapshot,
  ) {}

  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** Nothing new begins. */
  stop(): void {
    this.#isStopped = true;
  }

  /** Waits for what is under way. */
  async idle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay);
  }

  /** Begins what changes the state, unless the run was stopped; it is then waited for even when the run is stopped. */
  begin<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isStopped) return Promise.reject(new Stopped());
    const begun = work();
    this.#underWay.add(begun);
    return begun.finally(() => this.#underWay.delete(begun));
  }

  /** A resource that needs nothing. */
  async same({ urn, next }: Plan, place: Place): Promise<Registered> {
    const { state: old } = place;
    const state = { ...next, ...known({ id: old.id, outputs: old.outputs }) };
    const { report } = this.run;
    await this.begin(() => {
      report.step("begin", { op: "same", urn, old, next: state });
      return this.state.same(place, state);
    });
    report.step("end", { op: "same", urn, old, next: state });
    return { result: "success", state };
  }

  /** Makes a resource. `change` says what becomes of the one that it replaces. */
  create(op: "create" | "create-replacement", plan: Plan, change: () => Change = () => ({})): Promise<Registered> {
    const { urn, inputs = {} } = plan.next;
    return this.#carryOut("creating", { ...plan, op }, async () => {
      const provider = await this.plugins.of(plan.next);
      const [made, failure] = await half(() => provider.create(urn, inputs, this.run.preview));
      const now = new Date().toISOString();
      const id = known({ id: made.id || undefined });
      const state = finished({ ...plan.next, ...id, created: now, modified: now }, made.outputs, failure);
      return { state, failure, change: { join: state, ...change() } };
    });
  }

  /** Updates a resource in place. */
  update(plan: Plan, place: Place, old: ResourceState): Promise<Registered> {
    const next = { ...plan.next, ...known({ id: old.id }) };
    const { urn, inputs = {}, ignoreChanges } = next;
    return this.#carryOut("updating", { ...plan, op: "update", next }, async () => {
      const provider = await this.plugins.of(next);
      const { preview } = this.run;
      const [made, failure] = await half(() => provider.update({ ...old, urn }, inputs, preview, ignoreChanges));
      const { inputs: _, ...rest } = next;
      // What it is now was not made with the new inputs, so the next run must see that they still differ.
      const kept = known({ inputs: failure ? old.inputs : next.inputs });
      const state = finished({ ...rest, ...kept, modified: new Date().toISOString() }, made.outputs, failure);
      return { state, failure, change: { leave: [place], join: state } };
    });
  }

  /** Deletes a resource. One that is deleted before its replacement stays on record until that is made. */
  delete(place: Place, first = false): Promise<Registered> {
    const { state: old } = place;
    const op = first || old.delete ? "delete-replaced" : "delete";
    return this.#carryOut("deleting", { op, urn: old.urn, old }, async () => {
      if (!this.run.preview && !old.retainOnDelete) await (await this.plugins.of(old)).delete(old);
      return { change: first ? { put: [[place, { ...old, pendingReplacement: true }]] } : { leave: [place] } };
    });
  }

  /** Takes over what exists under an id. The program's request for it is kept, the command line's is not. */
  import(asked: ResourceState, id: string): Promise<Registered> {
    const { inputs: _, ...next } = asked;
    return this.#carryOut("importing", { op: "import", urn: asked.urn, next }, async () => {
      const provider = await this.plugins.of(asked);
      const [found, failure] = await half(() => provider.read({ ...next, id }));
      if (found === undefined) throw new Error(`resource '${id}' does not exist`);
      const { inputs, outputs } = found;
      if (inputs === undefined) throw new Error(`The provider of "${asked.type}" does not support imports.`);
      const now = new Date().toISOString();
      const state = finished({ ...next, id: found.id, inputs, created: now, modified: now }, outputs, failure);
      return { state, change: { join: state } };
    });
  }

  /** What a resource is now: `undefined` when it is gone. */
  async look(old: ResourceState): Promise<ResourceState | undefined> {
    const { report } = this.run;
    const { urn, inputs = {}, outputs = {}, ignoreChanges } = old;
    if (!old.custom || isProviderType(old.type) || old.pendingReplacement) {
      report.step("found", { op: "same", urn, old, next: old });
      return old;
    }
    report.step("begin", { op: "refresh", urn, old, next: old });
    try {
      const provider = await this.plugins.of(old);
      const [found, failure] = await half(() => provider.read(old));
      if (found === undefined) {
        report.step("found", { op: "delete", urn, old });
        return undefined;
      }
      if (failure) report.message("warning", `Refreshed resource is in an unhealthy state: ${failure.message}`, urn);
      const now = { id: found.id, inputs: found.inputs ?? inputs, outputs: found.outputs };
      const diff = inverted(await provider.diff({ ...old, ...now }, inputs, ignoreChanges));
      const { initErrors: _, ...rest } = old;
      const seen = { ...rest, ...now, ...known({ initErrors: failure?.reasons }) };
      const isSame = isDeepStrictEqual(seen, { ...old, inputs, outputs });
      const next = isSame ? old : { ...seen, modified: new Date().toISOString() };
      report.step("found", { op: diff.changes ? "update" : "same", urn, old, next, diff });
      return next;
    } catch (error) {
      report.step("fail", { op: "refresh", urn, old });
      throw error;
    }
  }

  /** A step is on record as pending before it begins; what came of it is written together with its end. */
  async #carryOut(type: Operation["type"], step: Step, work: () => Promise<Outcome>): Promise<Registered> {
    const { report } = this.run;
    const subject = step.next ?? step.old;
    try {
      const made = await this.begin(async () => {
        report.step("begin", step);
        const operation = subject && (await this.state.begin(type, subject));
        const { state, change, failure } = await work().catch(async (error) => {
          await this.state.commit({}, operation);
          throw error;
        });
        await this.state.commit(change, operation);
        if (failure !== undefined) throw failure;
        return state;
      });
      report.step("end", { ...step, ...(made && { next: made }) });
      return { result: "success", state: made ?? (subject as ResourceState) };
    } catch (error) {
      if (error instanceof Stopped) throw error;
      report.step("fail", step);
      throw new StepFailed(step, error);
    }
  }
}

/** A state with its outputs: secret where asked for, or where the input of that name is. */
function finished(state: ResourceState, outputs: Values, failure?: InitFailed): ResourceState {
  const { initErrors: _, outputs: __, ...rest } = state;
  const marked = Object.entries(outputs).map(([key, value]): [string, Value] => {
    const isHidden = state.additionalSecretOutputs?.includes(key) || isSecret(state.inputs?.[key]);
    return [key, isHidden ? secret(value) : value];
  });
  return {
    ...rest,
    ...(marked.length > 0 && { outputs: Object.fromEntries(marked) }),
    ...known({ initErrors: failure?.reasons }),
  };
}

/** What a provider made, also when it made it half. */
async function half<T extends Made | undefined>(call: () => Promise<T>): Promise<readonly [T | Made, InitFailed?]> {
  try {
    return [await call()];
  } catch (error) {
    if (error instanceof InitFailed) return [error.made, error];
    throw error;
  }
}

/** What an update would do right now, turned round: what the world did to the resource. */
function inverted({ detailed, ...diff }: Diff): Diff {
  if (detailed === undefined) return diff;
  const opposite = { add: "delete", delete: "add", update: "update" } as const;
  const changes = Object.entries(detailed).map(([path, { kind, inputDiff }]) => {
    const [word] = kind.split("-") as [keyof typeof opposite];
    return [path, { kind: opposite[word], inputDiff }];
  });
  return { ...diff, detailed: Object.fromEntries(changes) };
}
