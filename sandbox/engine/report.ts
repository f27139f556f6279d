import { jsonClosing, jsonLine, jsonTitle } from "./json";
import type { Operation } from "./operation";
import type { Diff } from "./plugin";
import type { ResourceState } from "./state/deployment";
import type { ProgramConfig } from "./state/settings";
import { type Op, textClosing, textLine, textTitle } from "./text";
import { isProviderType, nameOf, stackType, typeOf } from "./urn";

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
export interface StepEvent {
  readonly at: "begin" | "end" | "fail" | "found" | "outputs";
  readonly step: Step;
}

/** Something is told, of a resource or, where the URN is empty, of the run. */
export interface MessageEvent {
  readonly at: "message";
  readonly severity: "debug" | "info" | "warning" | "error";
  readonly text: string;
  readonly urn: string;
  readonly ephemeral: boolean;
}

/** All that is known of a run. From this both the text for people and the JSON for programs are made. */
export interface Story {
  readonly operation: Operation;
  readonly stack: string;
  /** The stack's configuration as it may be shown. */
  readonly config: Readonly<Record<string, string>>;
  readonly events: (StepEvent | MessageEvent)[];
  /** How many resources each kind of change came to, in the words of the CLI's change summary. */
  readonly counts: Record<string, number>;
  seconds: number;
}

/** Hears what happens in a run, and shows it: a line for each event, and how it ended. */
export class Report {
  readonly #story: Story;
  readonly #since = performance.now();
  #root = "";

  constructor(operation: Operation, stack: string, { values, secretKeys }: ProgramConfig) {
    const config = { ...values, ...Object.fromEntries(secretKeys.map((key) => [key, "[secret]"])) };
    this.#story = { operation, stack, config, events: [], counts: {}, seconds: 0 };
    process.stdout.write((operation.json ? jsonTitle : textTitle)(this.#story));
  }

  /** A step of some resource. */
  step(at: StepEvent["at"], step: Step): void {
    const { counts, operation } = this.#story;
    const { op, urn } = step;
    if (typeOf(urn) === stackType) this.#root = urn;
    // Nobody declared these.
    if (isProviderType(typeOf(urn)) && nameOf(urn).startsWith("default") && at !== "fail") return;
    const counted = at === "end" || (at === "found" && operation.kind === "refresh");
    // A replacement is one change, though it takes three steps.
    if (counted && !/-replace/.test(op)) counts[op] = (counts[op] ?? 0) + 1;
    this.#add({ at, step });
  }

  /** Tells what somebody said of a resource, or of the run. */
  message(severity: MessageEvent["severity"], text: string, urn = "", ephemeral = false): void {
    const about = urn || (this.#story.operation.json ? "" : this.#root);
    if (severity !== "debug" && text.trim() !== "") this.#add({ at: "message", severity, text, urn: about, ephemeral });
  }

  /** Whether the run changed, or would change, anything. */
  get changed(): boolean {
    return Object.keys(this.#story.counts).some((op) => op !== "same");
  }

  /** Says how it ended. */
  finish(failed: boolean): void {
    this.#story.seconds = (performance.now() - this.#since) / 1000;
    process.stdout.write((this.#story.operation.json ? jsonClosing : textClosing)(this.#story, failed));
  }

  #add(event: StepEvent | MessageEvent): void {
    this.#story.events.push(event);
    process.stdout.write((this.#story.operation.json ? jsonLine : textLine)(event, this.#story));
  }
}
