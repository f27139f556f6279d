import { isDeepStrictEqual } from "node:util";
import type { Run } from "./operation";
import { ops } from "./ops";
import type { Made, Plugins, Provider } from "./plugin";
import type { Step } from "./report";
import type { Change, Snapshot } from "./snapshot";
import type { ResourceState, Value } from "./state/deployment";
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
      // It says what an update would do, which is not what the world did: of that only the names of what differs are told.
      const diff = now && { ...(await provider.diff(now, old)), detailed: undefined };
      const next = isDeepStrictEqual(now, before) ? old : now && { ...now, modified: new Date().toISOString() };
      find({ op: next === undefined ? "delete" : diff?.changes ? "update" : "same", next, diff });
      return next;
    });
  }

  /** Does a step. It is on record as pending before it begins; what came of it is written together with its end. */
  carryOut(step: Step, put: Change["put"] = []): Promise<Registered> {
    const subject = (step.next ?? step.old) as ResourceState;
    return this.#try(step, async (provider) => {
      const [type] = ops[step.op];
      const operation = type && (await this.state.begin(type, subject));
      const made = await this.#call(step, provider).catch(async (error) => {
        await this.state.commit({}, operation);
        throw error;
      });
      const state = made ? finished(step, made) : subject;
      await this.state.commit({ put, join: step.next && state }, operation);
      const errors = (step.op !== "import" && made?.initErrors) || [];
      if (errors.length > 0) {
        const list = errors.map((reason) => `\t* ${reason}\n`).join("");
        throw new Error(`${errors.length} error${errors.length === 1 ? "" : "s"} occurred:\n${list}\n`);
      }
      this.run.report.step("end", { ...step, next: step.next && state });
      return { result: "success", state };
    });
  }

  async #call({ op, old, next }: Step, provider: Provider): Promise<Made | undefined> {
    const { preview } = this.run;
    if (op === "same") return undefined;
    if (old && next && op === "update") return provider.update(old, next, preview);
    if (next && op !== "import") return provider.create(next, preview);
    if (old && !preview && !old.retainOnDelete) await provider.delete(old);
    if (!next) return undefined;
    const found = await provider.read(next);
    if (found === undefined) throw new Error(`resource '${next.id}' does not exist`);
    if (found.inputs === undefined) throw new Error(`the provider of "${next.type}" does not support imports`);
    return found;
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
function finished({ op, old, next }: Step, made: Made): ResourceState {
  const subject = next as ResourceState;
  const isUpdate = op === "update";
  // What it is after half an update was not made with the new inputs: the next run must see that they still differ.
  const { inputs } = op === "import" ? made : (isUpdate && made.initErrors && old) || subject;
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
