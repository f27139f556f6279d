import { json } from "./json";
import type { Operation } from "./operation";
import type { Diff } from "./plugin";
import type { ResourceState } from "./state/deployment";
import type { ProgramConfig } from "./state/settings";
import { type Op, text } from "./text";
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

/** How a run is shown: at its beginning, at each event, at its end. */
export interface Show {
  title(report: Report): string;
  line(event: StepEvent | MessageEvent, report: Report): string;
  closing(report: Report, failed: boolean): string;
}

/** Hears what happens in a run, keeps it, and has it shown as text for people or as JSON for programs. */
export class Report {
  readonly #show: Show;
  readonly #since = performance.now();
  #root = "";
  readonly events: (StepEvent | MessageEvent)[] = [];
  /** How many resources each kind of change came to, in the words of the CLI's change summary. */
  readonly counts: Record<string, number> = {};
  /** The stack's configuration as it may be shown. */
  readonly config: Readonly<Record<string, string>>;

  constructor(
    readonly operation: Operation,
    readonly stack: string,
    { values, secretKeys }: ProgramConfig,
  ) {
    this.config = { ...values, ...Object.fromEntries(secretKeys.map((key) => [key, "[secret]"])) };
    this.#show = operation.json ? json : text;
    process.stdout.write(this.#show.title(this));
  }

  /** A step of some resource. */
  step(at: StepEvent["at"], step: Step): void {
    const { op, urn } = step;
    if (typeOf(urn) === stackType) this.#root = urn;
    // Nobody declared these.
    if (isProviderType(typeOf(urn)) && nameOf(urn).startsWith("default") && at !== "fail") return;
    const counted = at === "end" || (at === "found" && this.operation.kind === "refresh");
    // A replacement is one change, though it takes three steps.
    if (counted && !/-replace/.test(op)) this.counts[op] = (this.counts[op] ?? 0) + 1;
    this.#add({ at, step });
  }

  /** Tells what somebody said of a resource, or of the run. */
  message(severity: MessageEvent["severity"], text: string, urn = "", ephemeral = false): void {
    const about = urn || (this.operation.json ? "" : this.#root);
    if (severity !== "debug" && text.trim() !== "") this.#add({ at: "message", severity, text, urn: about, ephemeral });
  }

  /** Whether the run changed, or would change, anything. */
  get changed(): boolean {
    return Object.keys(this.counts).some((op) => op !== "same");
  }

  /** For how long it has been going on. */
  get seconds(): number {
    return (performance.now() - this.#since) / 1000;
  }

  /** Says how it ended. */
  finish(failed: boolean): void {
    process.stdout.write(this.#show.closing(this, failed));
  }

  #add(event: StepEvent | MessageEvent): void {
    this.events.push(event);
    process.stdout.write(this.#show.line(event, this));
  }
}
