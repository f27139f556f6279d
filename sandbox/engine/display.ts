import type { Diff } from "./operations";
import type { ResourceState, Value, Values } from "./state/deployment";
import type { Events, Op, Step } from "./step";
import { isProviderType, nameOf, stackType, typeOf } from "./urn";
import { equal, isUnknown, redact } from "./values";

/** What is being run. */
export type Kind = "update" | "refresh" | "destroy" | "import";

/** How a display shows things. */
export interface DisplayOptions {
  readonly kind: Kind;
  readonly stack: string;
  readonly preview: boolean;
  /** Whether each difference is shown in full. */
  readonly diff: boolean;
  readonly colour: boolean;
  readonly outputs: boolean;
  readonly write: (text: string) => void;
}

/** How many resources each kind of change came to, in the words of the CLI's change summary. */
export type ChangeSummary = Readonly<Record<string, number>>;

interface Look {
  readonly sign: string;
  readonly doing: string;
  readonly done: string;
  readonly plan: string;
  readonly colour: number;
}

const look = (sign: string, doing: string, done: string, plan: string, colour: number): Look => ({
  sign,
  doing,
  done,
  plan,
  colour,
});

const looks: Readonly<Partial<Record<Op, Look>>> = {
  create: look("+ ", "creating", "created", "create", 32),
  "create-replacement": look("++", "creating replacement", "created replacement", "create replacement", 32),
  update: look("~ ", "updating", "updated", "update", 33),
  replace: look("+-", "replacing", "replaced", "replace", 35),
  delete: look("- ", "deleting", "deleted", "delete", 31),
  "delete-replaced": look("--", "deleting original", "deleted original", "delete original", 31),
  discard: look("< ", "discarding", "discarded", "discard", 31),
  "discard-replaced": look("<<", "discarding original", "discarded original", "discard original", 31),
  read: look("> ", "reading", "read", "read", 36),
  "read-replacement": look(">>", "reading for replacement", "read for replacement", "read replacement", 36),
  refresh: look("~ ", "refreshing", "refreshed", "refresh", 33),
  import: look("= ", "importing", "imported", "import", 32),
  "import-replacement": look("=>", "importing replacement", "imported replacement", "import replacement", 32),
};

const titles = { update: "Updating", refresh: "Refreshing", destroy: "Destroying", import: "Importing" } as const;

/** Shows a run as the CLI does: a line for what begins and ends, then what was said, the outputs and the counts. */
export class Display implements Events {
  readonly #options: DisplayOptions;
  readonly #begun = new Map<string, number>();
  readonly #since = performance.now();
  readonly #counts = new Map<string, number>();
  readonly #failed = new Set<string>();
  readonly #told = new Map<string, string[]>();
  #root: string | undefined;
  #outputs: { readonly old: Values; readonly now: Values; readonly isNew: boolean } | undefined;

  constructor(options: DisplayOptions) {
    this.#options = options;
    const { kind, preview, stack } = options;
    this.#line(this.#paint(`${preview ? `Previewing ${kind}` : titles[kind]} (${stack}):`, 1));
    this.#line();
  }

  begin(step: Step): void {
    if (typeOf(step.urn) === stackType) this.#root = step.urn;
    this.#begun.set(step.op + step.urn, performance.now());
    const shown = looks[step.op];
    if (shown === undefined || hidden(step.urn) || this.#options.preview || this.#options.diff || step.op === "refresh")
      return;
    this.#row(shown, step.urn, `${shown.doing} (0s) ${reasons(step.diff)}`);
  }

  end(step: Step, state: ResourceState | undefined, failed: boolean): void {
    const shown = looks[step.op];
    if (hidden(step.urn) && !failed) return;
    if (failed) this.#failed.add(step.urn);
    else if (!step.skippedCreate) this.#count(step.op);
    if (shown === undefined) return;
    if (failed) this.#row(shown, step.urn, `**${shown.doing} failed** ${reasons(step.diff)}`);
    else if (this.#options.diff) this.#details(step, state, shown);
    else if (this.#options.preview) this.#row(shown, step.urn, `${shown.plan} ${reasons(step.diff)}`);
    else {
      const seconds = (performance.now() - (this.#begun.get(step.op + step.urn) ?? 0)) / 1000;
      this.#row(shown, step.urn, `${shown.done} (${seconds.toFixed(seconds < 1 ? 2 : 0)}s) ${reasons(step.diff)}`);
    }
  }

  refreshed(old: ResourceState, state: ResourceState | undefined, diff: Diff | undefined): void {
    if (typeOf(old.urn) === stackType) {
      this.#root = old.urn;
      this.#outputs = { old: old.outputs ?? {}, now: old.outputs ?? {}, isNew: false };
    }
    if (hidden(old.urn)) return;
    const changed = diff?.changes === true || (state !== undefined && diff === undefined && state !== old);
    const op: Op = state === undefined ? "delete" : changed ? "update" : "same";
    if (this.#options.kind === "refresh") this.#count(op);
    const shown = looks[op];
    if (shown !== undefined) this.#row(shown, old.urn, `${op === "delete" ? "deleted" : "updated"} ${reasons(diff)}`);
  }

  outputs(old: ResourceState | undefined, state: ResourceState): void {
    if (state.type === stackType)
      this.#outputs = { old: old?.outputs ?? {}, now: state.outputs ?? {}, isNew: old === undefined };
  }

  message(severity: "debug" | "info" | "warning" | "error", text: string, urn?: string, ephemeral = false): void {
    if (severity === "debug" || text.trim() === "") return;
    const about = urn || this.#root || "";
    const said = this.#markup(text.trimEnd());
    const line = `${{ info: "", warning: "warning: ", error: "error: " }[severity]}${said}`;
    if (!ephemeral) this.#told.set(about, [...(this.#told.get(about) ?? []), line]);
    if (severity === "error") this.#failed.add(about);
    const first = line.split("\n")[0] ?? "";
    this.#line(
      `    ${about === "" ? "" : `${typeOf(about)} ${nameOf(about)} `}${this.#paint(first, colours[severity])}`,
    );
  }

  /** The counts of a run that ended. */
  get changes(): ChangeSummary {
    return Object.fromEntries(this.#counts);
  }

  /** Whether the run changed, or would change, anything. */
  get changed(): boolean {
    return [...this.#counts.keys()].some((op) => op !== "same" && op !== "read");
  }

  /** Says how it ended. */
  finish(): void {
    if (this.#told.size > 0) {
      this.#line(this.#paint("Diagnostics:", 1));
      for (const [urn, lines] of this.#told) {
        this.#line(`  ${urn === "" ? "the run" : `${typeOf(urn)} (${nameOf(urn)})`}:`);
        for (const line of lines) this.#line(`    ${line.replaceAll("\n", "\n    ")}`);
        this.#line();
      }
    }
    this.#showOutputs();
    this.#line(this.#paint("Resources:", 1));
    const planned = this.#options.preview ? "to " : "";
    const kinds = (["create", "update", "delete", "replace", "read", "import"] as const).filter((op) =>
      this.#counts.has(op),
    );
    for (const op of kinds) {
      const { sign, plan, done, colour } = looks[op] ?? look("", op, op, op, 0);
      this.#line(`    ${this.#paint(sign + this.#counts.get(op), colour)} ${planned}${planned ? plan : done}`);
    }
    const same = this.#counts.get("same") ?? 0;
    const total = kinds.reduce((sum, op) => sum + (this.#counts.get(op) ?? 0), 0);
    if (kinds.length > 1) this.#line(`    ${total} changes. ${same} unchanged`);
    else if (same > 0 || kinds.length === 0) this.#line(`    ${same} unchanged`);
    if (this.#failed.size > 0) this.#line(`    ${this.#paint(`${this.#failed.size} errored`, 31)}`);
    this.#line();
    if (!this.#options.preview) this.#line(`Duration: ${Math.round((performance.now() - this.#since) / 1000)}s\n`);
  }

  #count(op: Op): void {
    // A replacement is one change, though it takes three steps.
    if (/-replace|-replaced|remove-/.test(op) || op === "refresh") return;
    const name = op === "discard" ? "delete" : op;
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  #showOutputs(): void {
    if (this.#outputs === undefined || !this.#options.outputs) return;
    const { old, now, isNew } = this.#outputs;
    const keys = [...new Set([...Object.keys(old), ...Object.keys(now)])].sort();
    const lines = keys.flatMap((key) => {
      const [before, after] = [old[key], now[key]];
      if (after === undefined) return [`  ${this.#paint("-", 31)} ${key}: ${render(before ?? null)}`];
      if (before === undefined) return [`  ${isNew ? " " : this.#paint("+", 32)} ${key}: ${render(after)}`];
      if (!equal(before, after)) return [`  ${this.#paint("~", 33)} ${key}: ${render(before)} => ${render(after)}`];
      return this.#options.preview ? [] : [`    ${key}: ${render(after)}`];
    });
    if (lines.length > 0) this.#line([this.#paint("Outputs:", 1), ...lines, ""].join("\n"));
  }

  #details(step: Step, state: ResourceState | undefined, shown: Look): void {
    if (step.op === "create-replacement" || step.op === "delete-replaced") return;
    const { urn, old, diff } = step;
    this.#line(`  ${this.#paint(`${shown.sign}${typeOf(urn)}: (${shown.plan})`, shown.colour)}`);
    const id = old?.id ?? state?.id;
    if (id) this.#line(`      [id=${id}]`);
    this.#line(`      [urn=${urn}]`);
    const [before, after] = [old?.inputs ?? {}, state?.inputs ?? step.next?.inputs ?? {}];
    for (const key of [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()) {
      const [from, to] = [before[key], after[key]];
      if (step.op === "delete" || (old !== undefined && equal(from, to))) continue;
      if (from === undefined) this.#line(`    ${this.#paint("+", 32)} ${key}: ${render(to ?? null, 6)}`);
      else if (to === undefined) this.#line(`    ${this.#paint("-", 31)} ${key}: ${render(from, 6)}`);
      else this.#line(`    ${this.#paint("~", 33)} ${key}: ${render(from, 6)} => ${render(to, 6)}`);
    }
    const unseen = Object.keys(diff?.detailed ?? {}).filter(
      (path) => !(path.split(/[.[]/)[0] ?? "") || !(path in after),
    );
    for (const path of unseen) this.#line(`    ${this.#paint("~", 33)} ${path}`);
  }

  #row(shown: Look, urn: string, text: string): void {
    this.#line(` ${this.#paint(shown.sign, shown.colour)} ${typeOf(urn)} ${nameOf(urn)} ${text}`);
  }

  #paint(text: string, code: number): string {
    return this.#options.colour && code > 0 ? `\u001b[${code}m${text}\u001b[0m` : text;
  }

  /** Colours as programs and providers ask for them: `<{%fg 1%}>red<{%reset%}>`. */
  #markup(text: string): string {
    const painted = (_: string, name: string, colour: string | undefined) => {
      if (!this.#options.colour) return "";
      return colour === undefined ? `\u001b[${name === "bold" ? 1 : 0}m` : `\u001b[38;5;${colour}m`;
    };
    return text.replace(/<\{%(bold|reset|fg (\d+))%\}>/g, painted);
  }

  #line(text = ""): void {
    this.#options.write(`${text}\n`);
  }
}

const colours = { debug: 0, info: 0, warning: 33, error: 31 } as const;

const hidden = (urn: string): boolean => isProviderType(typeOf(urn)) && nameOf(urn).startsWith("default");

/** The properties that make the difference, such as `[diff: +a~b]`. */
function reasons(diff: Diff | undefined): string {
  const changes = Object.entries(diff?.detailed ?? {}).map(([path, { kind }]) => [path, kind] as const);
  const list = changes.length > 0 ? changes : (diff?.changedKeys ?? []).map((key) => [key, "update"] as const);
  const groups = (["add", "delete", "update"] as const).flatMap((kind) => {
    const paths = list.filter(([, found]) => found.startsWith(kind)).map(([path]) => path.split(/[.[]/)[0] ?? path);
    return paths.length === 0
      ? []
      : [{ add: "+", delete: "-", update: "~" }[kind] + [...new Set(paths)].sort().join(",")];
  });
  return groups.length === 0 ? "" : `[diff: ${groups.join("")}]`;
}

/** A value for people: secrets and unknowns by their name. */
export function render(value: Value, indent = 4): string {
  return text(redact(value), indent);
}

function text(value: Value, indent: number): string {
  if (value === "[secret]") return value;
  if (isUnknown(value)) return "[unknown]";
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const pad = " ".repeat(indent + 4);
  const items = Array.isArray(value)
    ? value.map((item: Value, at) => `${pad}[${at}]: ${text(item, indent + 4)}`)
    : Object.entries(value).map(([key, item]) => `${pad}${key}: ${text(item, indent + 4)}`);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  return items.length === 0 ? open + close : `${open}\n${items.join("\n")}\n${" ".repeat(indent)}${close}`;
}
