import type { Diff } from "../answers";
import type { ResourceState } from "../state/deployment";
import type { Op } from "./ops";

/** One thing to do, or that was done. */
export interface Step {
  readonly op: Op;
  readonly urn: string;
  /** What the state holds. Absent for a create. */
  readonly old?: ResourceState | undefined;
  /** What is wanted, and at the end what came of it. Absent for a delete. */
  readonly next?: ResourceState | undefined;
  readonly diff?: Diff | undefined;
}

/** A step begins, ends or fails; a refresh has found something; a component or the program has registered its outputs. */
export interface StepEvent extends Step {
  readonly at: "begin" | "end" | "fail" | "found" | "outputs";
}

/** Something is told, of a resource or, where the URN is empty, of the run. */
export interface Message {
  readonly severity: "debug" | "info" | "warning" | "error";
  readonly text: string;
  readonly urn: string;
  readonly ephemeral: boolean;
}
