import { jsonClosing, jsonLine, jsonTitle } from "./json";
import type { Diff } from "./plugin";
import type { ResourceState } from "./state/deployment";
import { closing, row, title } from "./text";
import { isProviderType, nameOf, stackType, typeOf } from "./urn";

/** What is being run. */
export type Kind = "update" | "refresh" | "destroy" | "import";

/** What is done to a resource, in the words of Pulumi's own events. */
export type Op =
  | "same"
  | "create"
  | "create-replacement"
  | "update"
  | "replace"
  | "delete"
  | "delete-replaced"
  | "refresh"
  | "import";

/** One thing to do, or that was done. */
export interface Step {
  readonly op: Op;
  readonly urn: string;
  /** What the state holds. Absent for a create. */
  readonly old?: ResourceState;
  /** What is wanted, and at the end what came of it. Absent for a delete. */
  readonly next?: ResourceState;
  readonly diff?: Diff;
}

/** What happens in a run: a step begins, ends or fails; outputs are registered; something is told, of a resource or the run. */
export type Event =
  | { readonly at: "begin" | "end" | "fail" | "outputs"; readonly step: Step; readonly seconds: number }
  | {
      readonly at: "message";
      readonly severity: "info" | "warning" | "error";
      readonly text: string;
      /** Empty for the run. */
      readonly urn: string;
      readonly ephemeral: boolean;
    };

/** What is reported, and how. */
export interface ReportOptions {
  readonly kind: Kind;
  readonly stack: string;
  readonly preview: boolean;
  /** The stack's configuration as it may be shown. */
  readonly config: Readonly<Record<string, string>>;
  readonly json: boolean;
  /** Whether the text shows each difference in full. */
  readonly diff: boolean;
  readonly write: (text: string) => void;
}

/** What a run came to. */
export interface Summary {
  readonly failed: boolean;
  readonly seconds: number;
  /** How many resources each kind of change came to, in the words of the CLI's change summary. */
  readonly counts: Readonly<Record<string, number>>;
}

/** The events of a run. From this one list both the text for people and the JSON for programs are made. */
export class Report {
  readonly #events: Event[] = [];
  readonly #counts: Record<string, number> = {};
  readonly #begun = new Map<string, number>();
  readonly #since = performance.now();
  #root = "";

  constructor(private readonly options: ReportOptions) {
    options.write(options.json ? jsonTitle(options) : title(options));
  }

  begin(step: Step): void {
    if (typeOf(step.urn) === stackType) this.#root = step.urn;
    this.#begun.set(step.op + step.urn, performance.now());
    this.#step("begin", step);
  }

  end(step: Step): void {
    // A replacement is one change, though it takes three steps.
    if (!isDefaultProvider(step.urn) && !/-replace/.test(step.op))
      this.#counts[step.op] = (this.#counts[step.op] ?? 0) + 1;
    this.#step("end", step);
  }

  fail(step: Step): void {
    this.#step("fail", step);
  }

  /** What a refresh found out about a resource; a run that only refreshes counts it. */
  found(step: Step): void {
    if (this.options.kind === "refresh") this.end(step);
    else this.#step("end", step);
  }

  outputs(old: ResourceState, next: ResourceState): void {
    this.#step("outputs", { op: "same", urn: next.urn, old, next });
  }

  message(severity: "debug" | "info" | "warning" | "error", text: string, urn = "", ephemeral = false): void {
    if (severity === "debug" || text.trim() === "") return;
    const about = urn || (this.options.json ? "" : this.#root);
    this.#add({ at: "message", severity, text, urn: about, ephemeral });
  }

  /** Whether the run changed, or would change, anything. */
  get changed(): boolean {
    return Object.keys(this.#counts).some((op) => op !== "same");
  }

  /** Says how it ended. */
  finish(failed: boolean): void {
    const { options } = this;
    const summary = { failed, seconds: (performance.now() - this.#since) / 1000, counts: this.#counts };
    options.write((options.json ? jsonClosing : closing)(this.#events, summary, options));
  }

  #step(at: "begin" | "end" | "fail" | "outputs", step: Step): void {
    if (isDefaultProvider(step.urn) && at !== "fail") return;
    const began = this.#begun.get(step.op + step.urn) ?? performance.now();
    this.#add({ at, step, seconds: (performance.now() - began) / 1000 });
  }

  #add(event: Event): void {
    this.#events.push(event);
    this.options.write((this.options.json ? jsonLine : row)(event, this.options, this.#events.length));
  }
}

const isDefaultProvider = (urn: string): boolean => isProviderType(typeOf(urn)) && nameOf(urn).startsWith("default");
