import { isDeepStrictEqual } from "node:util";
import type { Made } from "../answers";
import type { Plugins } from "../plugin";
import type { Run } from "../run";
import type { ResourceState, Value } from "../state/deployment";
import { ops } from "../telling/ops";
import type { Step } from "../telling/step";
import { isProviderType } from "../urn";
import { filled, isSecret, secret } from "../values";
import type { Change, Place, Snapshot } from "./snapshot";
import type { Turns } from "./turns";

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
    /** Called when a step has failed, before the next one begins. */
    private readonly onFailure: () => void,
  ) {}

  /** What a resource is now: `undefined` when it is gone. */
  async look(old: ResourceState): Promise<ResourceState | undefined> {
    const { urn } = old;
    const find = (found: Omit<Step, "urn" | "old">) => this.run.report.step("found", { urn, old, ...found });
    if (!old.custom || isProviderType(old.type) || old.pendingReplacement) {
      this.run.report.step("begin", { op: "refresh", urn, old, next: old });
      find({ op: "same", next: old });
      return old;
    }
    return this.#try(
      { op: "refresh", urn, old, next: old },
      () => undefined,
      async () => {
        const provider = await this.plugins.of(old);
        const before = { inputs: {}, outputs: {}, initErrors: undefined, ...old };
        const found = await provider.read(old);
        const now = found && {
          ...before,
          ...found,
          inputs: found.inputs ?? before.inputs,
          initErrors: found.initErrors,
        };
        // It says what an update would do, which is not what the world did: of that only the names of what differs are told.
        const diff = now && { ...(await provider.diff(now, old)), detailed: undefined };
        const next = isDeepStrictEqual(now, before) ? old : now && { ...now, modified: new Date().toISOString() };
        find({ op: next === undefined ? "delete" : diff?.changes ? "update" : "same", next, diff });
        return next;
      },
    );
  }

  /** Does a step. It is on record as pending before it begins; what came of it is written together with its end. */
  carryOut(step: Step, put: Change["put"] = []): Promise<Registered> {
    const subject = (step.next ?? step.old) as ResourceState;
    return this.#try(step, this.onFailure, async () => {
      const [type] = ops[step.op];
      const operation = type && (await this.state.begin(type, subject));
      const made = await this.#call(step, subject).catch(async (error) => {
        await this.state.commit({}, operation);
        throw error;
      });
      const state = made ? finished(step, made) : subject;
      const isMove = step.op === "same" && isUnchanged(step.old, state);
      await this.state.commit({ put, join: step.next && state, isMove }, operation);
      const errors = (step.op !== "import" && made?.initErrors) || [];
      if (errors.length > 0) {
        const list = errors.map((reason) => `\t* ${reason}\n`).join("");
        throw new Error(`${errors.length} error${errors.length === 1 ? "" : "s"} occurred:\n${list}\n`);
      }
      this.run.report.step("end", { ...step, next: step.next && state });
      return { result: "success", state };
    });
  }

  /** Takes something out of the state that is gone already. */
  forget(place: Place): Promise<void> {
    return this.turns.take(() => this.state.commit({ put: [[place, undefined]] }));
  }

  /** Carries resources along as they are, one after the other; gives the last. */
  async move(places: readonly Place[]): Promise<Registered> {
    for (const place of places) {
      const { state } = place;
      const step = { op: "same", urn: state.urn, old: state, next: state } as const;
      await this.#try(step, this.onFailure, async () => {
        await this.state.commit({ put: [[place, undefined]], join: place.state, isMove: true });
        this.run.report.step("end", step);
      });
    }
    return { result: "success", state: (places.at(-1) as Place).state };
  }

  async #call({ op, old, next }: Step, subject: ResourceState): Promise<Made | undefined> {
    const { preview } = this.run;
    if (op === "same") return undefined;
    const provider = await this.plugins.of(subject);
    if (old && next && op === "update") return provider.update(old, next, preview);
    if (next && op !== "import") return provider.create(next, preview);
    if (old && !preview && !old.retainOnDelete) await provider.delete(old);
    if (!next) return undefined;
    const found = await provider.read(next);
    if (found === undefined) throw new Error(`resource '${next.id}' does not exist`);
    if (found.inputs === undefined) throw new Error(`the provider of "${next.type}" does not support imports`);
    return found;
  }

  #try<T>(step: Step, onFailure: () => void, work: () => Promise<T>): Promise<T> {
    return this.turns.take(async () => {
      try {
        this.run.report.step("begin", step);
        return await work();
      } catch (error) {
        this.run.report.step("fail", step);
        onFailure();
        throw new StepFailed(step.urn, error);
      }
    });
  }
}

/** What of a resource the CLI takes for a change that is worth a write, though no step is. */
const weighty = [
  ...(["urn", "type", "custom", "retainOnDelete", "provider", "parent", "protect", "inputs", "outputs"] as const),
  "dependencies" as const,
];

/** Whether nothing but the place of a resource is new. */
const isUnchanged = (old: Partial<ResourceState> = {}, next: Partial<ResourceState>): boolean =>
  weighty.every((key) => isDeepStrictEqual(filled({ it: old[key] }), filled({ it: next[key] })));

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
