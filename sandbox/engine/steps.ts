import { isDeepStrictEqual } from "node:util";
import type { Run } from "./operation";
import type { Diff, Made, Plugins, Provider } from "./plugin";
import type { Step } from "./report";
import type { Change, Place, Snapshot } from "./snapshot";
import type { Operation, ResourceState, Value } from "./state/deployment";
import type { Turns } from "./turns";
import { isProviderType } from "./urn";
import { isSecret, secret } from "./values";

/** How a registration ended. */
export interface Registered {
  readonly result: "success" | "failed" | "skipped";
  readonly state: ResourceState;
}

/** A step that is planned, and still to be named. */
export type Plan = Omit<Step, "op"> & { readonly next: ResourceState };

/** A step went wrong. */
export class StepFailed extends Error {
  constructor(
    readonly urn: string,
    cause: unknown,
  ) {
    super((cause as Error).message, { cause });
  }
}

/** Carries out steps, each when its turn comes: calls providers and puts what came of it into the state. */
export class Steps {
  constructor(
    private readonly run: Pick<Run, "preview" | "report">,
    private readonly plugins: Pick<Plugins, "of">,
    private readonly state: Snapshot,
    private readonly turns: Turns,
  ) {}

  /** A resource that needs nothing. */
  async same({ urn, next }: Plan, place: Place): Promise<Registered> {
    const { state: old } = place;
    const { id, outputs, created, modified } = old;
    const state = { ...next, id, outputs, created, modified };
    const step = { op: "same", urn, old, next: state } as const;
    await this.turns.take(() => {
      this.run.report.step("begin", step);
      return this.state.commit({ join: state, put: [[place, undefined]] });
    });
    this.run.report.step("end", step);
    return { result: "success", state };
  }

  /** Makes a resource. `change` says what becomes of the one that it replaces. */
  create(op: "create" | "create-replacement", plan: Plan, change: Change = {}): Promise<Registered> {
    const work = (provider: Provider) => provider.create(plan.next, this.run.preview);
    return this.#carryOut("creating", { ...plan, op }, work, change);
  }

  /** Updates a resource in place. */
  update(plan: Plan, place: Place): Promise<Registered> {
    const { state: old } = place;
    const next = { ...plan.next, id: old.id };
    const work = (provider: Provider) => provider.update(old, next, this.run.preview);
    return this.#carryOut("updating", { ...plan, op: "update", old, next }, work, { put: [[place, undefined]] });
  }

  /** Deletes a resource. One that is deleted before its replacement stays on record until that is made. */
  delete(place: Place, first = false): Promise<Registered> {
    const { state: old } = place;
    const op = first || old.delete ? "delete-replaced" : "delete";
    const work = async (provider: Provider) => {
      if (!this.run.preview && !old.retainOnDelete) await provider.delete(old);
      return undefined;
    };
    const put = [[place, first ? { pendingReplacement: true } : undefined]] as const;
    return this.#carryOut("deleting", { op, urn: old.urn, old }, work, { put });
  }

  /** Takes over what exists under an id. */
  import({ inputs: _, ...next }: ResourceState, id: string): Promise<Registered> {
    return this.#carryOut("importing", { op: "import", urn: next.urn, next }, async (provider) => {
      const found = await provider.read({ ...next, id });
      if (found === undefined) throw new Error(`resource '${id}' does not exist`);
      if (found.inputs === undefined) throw new Error(`the provider of "${next.type}" does not support imports`);
      return found;
    });
  }

  /** What a resource is now: `undefined` when it is gone. */
  async look(old: ResourceState): Promise<ResourceState | undefined> {
    const { urn } = old;
    const find = (found: Omit<Step, "urn" | "old">) => this.run.report.step("found", { urn, old, ...found });
    if (!old.custom || isProviderType(old.type) || old.pendingReplacement) {
      find({ op: "same", next: old });
      return old;
    }
    return this.#try({ op: "refresh", urn, old, next: old }, async (provider) => {
      const before = { inputs: {}, outputs: {}, initErrors: undefined, ...old };
      const found = await provider.read(old);
      const now = found && { ...before, ...found, inputs: found.inputs ?? before.inputs, initErrors: found.initErrors };
      const diff = now && inverted(await provider.diff(now, old));
      const next = isDeepStrictEqual(now, before) ? old : now && { ...now, modified: new Date().toISOString() };
      find({ op: next === undefined ? "delete" : diff?.changes ? "update" : "same", next, diff });
      return next;
    });
  }

  /** A step is on record as pending before it begins; what came of it is written together with its end. */
  #carryOut(
    type: Operation["type"],
    step: Step,
    work: (provider: Provider) => Promise<Made | undefined>,
    change: Change = {},
  ): Promise<Registered> {
    const subject = (step.next ?? step.old) as ResourceState;
    return this.#try(step, async (provider) => {
      const operation = await this.state.begin(type, subject);
      const made = await work(provider).catch(async (error) => {
        await this.state.commit({}, operation);
        throw error;
      });
      const state = made ? finished(type, step, made) : subject;
      await this.state.commit({ ...change, join: made && state }, operation);
      const errors = (type !== "importing" && made?.initErrors) || [];
      if (errors.length > 0) {
        const list = errors.map((reason) => `\t* ${reason}\n`).join("");
        throw new Error(`${errors.length} error${errors.length === 1 ? "" : "s"} occurred:\n${list}\n`);
      }
      this.run.report.step("end", { ...step, next: made && state });
      return { result: "success", state };
    });
  }

  #try<T>(step: Step, work: (provider: Provider) => Promise<T>): Promise<T> {
    return this.turns.take(async () => {
      try {
        this.run.report.step("begin", step);
        return await work(await this.plugins.of((step.next ?? step.old) as ResourceState));
      } catch (error) {
        this.run.report.step("fail", step);
        throw new StepFailed(step.urn, error);
      }
    });
  }
}

/** The state of what was made: outputs are secret where asked for, or where the input of that name is. */
function finished(type: Operation["type"], { old, next }: Step, made: Made): ResourceState {
  const subject = next as ResourceState;
  const isUpdate = type === "updating";
  // What it is after half an update was not made with the new inputs: the next run must see that they still differ.
  const { inputs } = type === "importing" ? made : (isUpdate && made.initErrors && old) || subject;
  const outputs = Object.entries(made.outputs).map(([key, value]): [string, Value] => {
    const isHidden = subject.additionalSecretOutputs?.includes(key) || isSecret(inputs?.[key]);
    return [key, isHidden ? secret(value) : value];
  });
  const now = new Date().toISOString();
  const { id, initErrors } = made;
  return {
    ...subject,
    id: id || subject.id,
    inputs,
    outputs: Object.fromEntries(outputs),
    initErrors,
    created: isUpdate ? old?.created : now,
    modified: now,
  };
}

/** What an update would do right now, turned round: what the world did to the resource. */
function inverted({ detailed = {}, ...diff }: Diff): Diff {
  const opposite = { add: "delete", delete: "add", update: "update" } as const;
  const changes = Object.entries(detailed).map(([path, { kind, inputDiff }]) => {
    return [path, { kind: opposite[kind.replace("-replace", "") as keyof typeof opposite], inputDiff }];
  });
  return { ...diff, detailed: Object.fromEntries(changes) };
}
