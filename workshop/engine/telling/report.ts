import type { Asked } from "../asked";
import { isProviderType, nameOf, typeOf } from "../urn";
import type { Message, Step, StepEvent } from "./step";

/** How a run is shown: at its beginning, at each step, at each message, at its end. */
export interface Show {
  /** What stands before all else. */
  title(report: Report): string;
  /** What a step adds. */
  step(event: StepEvent, report: Report): string;
  /** What a message adds. */
  message(message: Message, report: Report): string;
  /** What stands at the end. */
  closing(report: Report, failed: boolean): string;
}

/** Hears what happens in a run, keeps it, and has it shown as text for people or as JSON for programs. */
export class Report {
  readonly steps: StepEvent[] = [];
  readonly messages: Message[] = [];
  /** How many resources each kind of change came to, in the words of the CLI's change summary. */
  readonly counts: Record<string, number> = {};
  /** The stack's configuration as it may be shown. */
  readonly config: Readonly<Record<string, string>>;
  readonly #show: Show;
  readonly #since = performance.now();

  constructor(
    readonly run: Asked,
    show: Show,
  ) {
    const { values, secretKeys } = run.config;
    this.config = { ...values, ...Object.fromEntries(secretKeys.map((key) => [key, "[secret]"])) };
    this.#show = show;
    process.stdout.write(this.#show.title(this));
  }

  /** A step of some resource. */
  step(at: StepEvent["at"], step: Step): void {
    const { op, urn } = step;
    // Nobody declared these.
    if (isProviderType(typeOf(urn)) && nameOf(urn).startsWith("default") && at !== "fail") return;
    const counted = at === "end" || (at === "found" && this.run.kind === "refresh");
    // A replacement is one change, though it takes three steps.
    if (counted && !/-replace/.test(op)) this.counts[op] = (this.counts[op] ?? 0) + 1;
    const event = { ...step, at };
    this.steps.push(event);
    process.stdout.write(this.#show.step(event, this));
  }

  /** Tells what somebody said of a resource, or of the run. */
  message(severity: Message["severity"], text: string, urn = "", ephemeral = false): void {
    if (severity === "debug" || text.trim() === "") return;
    const message = { severity, text, urn, ephemeral };
    this.messages.push(message);
    process.stdout.write(this.#show.message(message, this));
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
}
