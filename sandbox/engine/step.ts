import type { Goal } from "./goal";
import type { Diff } from "./operations";
import type { ResourceState } from "./state/deployment";

/** What is done to a resource, in the words of Pulumi's own events. */
export type Op =
  | "same"
  | "create"
  | "create-replacement"
  | "update"
  | "replace"
  | "delete"
  | "delete-replaced"
  | "discard"
  | "discard-replaced"
  | "remove-pending-replace"
  | "read"
  | "read-replacement"
  | "refresh"
  | "import"
  | "import-replacement";

/** How a registration ended. */
export interface Registered {
  readonly result: "success" | "failed" | "skipped";
  readonly state: ResourceState;
  /** It was left out of this run, so its outputs are not known. */
  readonly unknown?: boolean;
}

/** The program waits for this: a resource that it registered or reads. */
export class Registration {
  readonly goal: Goal;
  /** Set for a resource that is only read. */
  readonly readId: string | undefined;
  readonly done: Promise<Registered>;
  settle!: (registered: Registered) => void;

  constructor(goal: Goal, readId?: string) {
    this.goal = goal;
    this.readId = readId;
    this.done = new Promise((fulfil) => {
      this.settle = fulfil;
    });
  }
}

/** One thing to do. What was decided; {@link Executor} carries it out. */
export interface Step {
  readonly op: Op;
  readonly urn: string;
  /** What the state holds. Absent for a create. */
  readonly old?: ResourceState;
  /** What is wanted; without what only the step itself will tell. Absent for a delete. */
  readonly next?: ResourceState;
  readonly registration?: Registration;
  readonly diff?: Diff;
  /** The replaced one stays until the end of the run, marked `delete`. */
  readonly pendingDelete?: boolean;
  /** It is deleted before its replacement is made, and remembered until then. */
  readonly pendingReplacement?: boolean;
  /** An import that the command line asks for, not the program: the id it was found by is not kept. */
  readonly byCommand?: boolean;
  /** Not among the targets: kept as it is. */
  readonly untargeted?: boolean;
  /** Not among the targets and not there: not made. */
  readonly skippedCreate?: boolean;
}

/** Who watches a run. */
export interface Events {
  /** A step begins. */
  begin(step: Step): void;
  /** A step has ended, with the state that came of it; `failed` when it did not succeed. */
  end(step: Step, state: ResourceState | undefined, failed: boolean): void;
  /** What a refresh found: nothing (`undefined`) or a state, with how it differs. */
  refreshed(old: ResourceState, state: ResourceState | undefined, diff: Diff | undefined): void;
  /** A component, or the program, has registered its outputs. */
  outputs(old: ResourceState | undefined, state: ResourceState): void;
  /** Something is to be told, about one resource or about the run. */
  message(severity: "debug" | "info" | "warning" | "error", text: string, urn?: string, ephemeral?: boolean): void;
}
