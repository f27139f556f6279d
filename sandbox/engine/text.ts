import { isDeepStrictEqual } from "node:util";
import { unknownText } from "../../providers/host/values";
import type { Diff } from "./plugin";
import type { Event, Op, ReportOptions, Step, Summary } from "./report";
import type { Value, Values } from "./state/deployment";
import { nameOf, stackType, typeOf } from "./urn";
import { redact } from "./values";

// As the CLI's plain output: a row for what begins, ends and is said, then what was said once more, the outputs, the counts.

/** A step's sign, and its words while it is done, when it was done, and when it is planned. What stays the same has none. */
const looks: Readonly<Partial<Record<Op, readonly [sign: string, doing: string, done: string, plan: string]>>> = {
  create: ["+ ", "creating", "created", "create"],
  "create-replacement": ["++", "creating replacement", "created replacement", "create replacement"],
  update: ["~ ", "updating", "updated", "update"],
  replace: ["+-", "replacing", "replaced", "replace"],
  delete: ["- ", "deleting", "deleted", "delete"],
  "delete-replaced": ["--", "deleting original", "deleted original", "delete original"],
  refresh: ["~ ", "refreshing", "refreshed", "refresh"],
  import: ["= ", "importing", "imported", "import"],
};

/** How a run begins. */
export function title({ kind, preview, stack }: ReportOptions): string {
  const running = { update: "Updating", refresh: "Refreshing", destroy: "Destroying", import: "Importing" };
  return `${preview ? `Previewing ${kind}` : running[kind]} (${stack}):\n\n`;
}

/** What is shown of an event as soon as it happens. */
export function row(event: Event, options: ReportOptions): string {
  if (event.at === "message") {
    const about = event.urn === "" ? "" : `${typeOf(event.urn)} ${nameOf(event.urn)} `;
    return `    ${about}${told(event).split("\n")[0]}\n`;
  }
  const { at, step, seconds } = event;
  const look = looks[step.op];
  if (look === undefined) return "";
  const [sign, doing, done, plan] = look;
  const { preview, diff, kind } = options;
  const shown = (text: string) => ` ${sign} ${typeOf(step.urn)} ${nameOf(step.urn)} ${text} ${reasons(step.diff)}\n`;
  if (at === "fail") return shown(`**${doing} failed**`);
  if (at === "begin") return preview || diff || step.op === "refresh" ? "" : shown(`${doing} (0s)`);
  if (diff && kind !== "refresh") return details(step, look);
  return shown(preview ? plan : `${done} (${seconds.toFixed(seconds < 1 ? 2 : 0)}s)`);
}

/** How a run ends. */
export function closing(events: readonly Event[], { seconds, counts }: Summary, options: ReportOptions): string {
  const { preview } = options;
  const sections = [...diagnostics(events), ...outputs(events, options), "Resources:"];
  const kinds = (["create", "update", "delete", "replace", "import"] as const).filter((op) => counts[op]);
  for (const op of kinds) {
    const [sign = "", , done = op, plan = op] = looks[op] ?? [];
    sections.push(`    ${sign}${counts[op]} ${preview ? `to ${plan}` : done}`);
  }
  const { same = 0 } = counts;
  const total = kinds.reduce((sum, op) => sum + (counts[op] ?? 0), 0);
  if (kinds.length > 1) sections.push(`    ${total} changes. ${same} unchanged`);
  else if (same > 0 || kinds.length === 0) sections.push(`    ${same} unchanged`);
  const failed = new Set(
    events.flatMap((event) => {
      if (event.at === "fail") return [event.step.urn];
      return event.at === "message" && event.severity === "error" ? [event.urn] : [];
    }),
  );
  if (failed.size > 0) sections.push(`    ${failed.size} errored`);
  return `${[...sections, "", ...(preview ? [] : [`Duration: ${Math.round(seconds)}s`, ""])].join("\n")}\n`;
}

const told = ({ severity, text }: Event & { at: "message" }): string =>
  `${{ info: "", warning: "warning: ", error: "error: " }[severity]}${text.trimEnd()}`;

function diagnostics(events: readonly Event[]): readonly string[] {
  const byUrn = new Map<string, string[]>();
  for (const event of events)
    if (event.at === "message" && !event.ephemeral)
      byUrn.set(event.urn, [...(byUrn.get(event.urn) ?? []), `    ${told(event).replaceAll("\n", "\n    ")}`]);
  if (byUrn.size === 0) return [];
  const heading = (urn: string) => (urn === "" ? "  the run:" : `  ${typeOf(urn)} (${nameOf(urn)}):`);
  return ["Diagnostics:", ...[...byUrn].flatMap(([urn, lines]) => [heading(urn), ...lines, ""])];
}

function outputs(events: readonly Event[], { kind, preview }: ReportOptions): readonly string[] {
  const about = events.filter((event) => event.at !== "message").filter(({ step }) => typeOf(step.urn) === stackType);
  const registered = about.filter(({ at }) => at === "outputs" || kind === "refresh").at(-1)?.step;
  const [before, after] = [registered?.old, registered?.next];
  const lines = compare(before?.outputs ?? {}, after?.outputs ?? {}, "  ", !preview);
  // All outputs of a new stack are new.
  const isNew = about.some(({ step }) => step.op === "create");
  return lines.length === 0
    ? []
    : ["Outputs:", ...lines.map((text) => (isNew ? text.replace("  +", "   ") : text)), ""];
}

function details({ op, urn, old, next, diff }: Step, [sign, , , plan]: readonly string[]): string {
  if (op === "create-replacement" || op === "delete-replaced") return "";
  const id = old?.id ?? next?.id;
  const heading = [`  ${sign}${typeOf(urn)}: (${plan})`, ...(id ? [`      [id=${id}]`] : []), `      [urn=${urn}]`];
  const after = next?.inputs ?? {};
  const changed = op === "delete" ? [] : compare(old?.inputs ?? {}, after, "    ", false);
  const elsewhere = Object.keys(diff?.detailed ?? {}).filter((path) => !(path in after));
  return `${[...heading, ...changed, ...elsewhere.map((path) => `    ~ ${path}`)].join("\n")}\n`;
}

/** A line for each property that came, went or changed; also for the others when asked to. */
function compare(before: Values, after: Values, pad: string, all: boolean): readonly string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].sort().flatMap((key) => {
    const [from, to] = [before[key], after[key]];
    if (to === undefined) return [`${pad}- ${key}: ${render(from ?? null)}`];
    if (from === undefined) return [`${pad}+ ${key}: ${render(to)}`];
    if (!isDeepStrictEqual(from, to)) return [`${pad}~ ${key}: ${render(from)} => ${render(to)}`];
    return all ? [`${pad}  ${key}: ${render(to)}`] : [];
  });
}

/** The properties that make the difference, such as `[diff: +a~b]`. */
function reasons(diff: Diff | undefined): string {
  const detailed = Object.entries(diff?.detailed ?? {}).map(([path, { kind }]) => [path, kind] as const);
  const list = detailed.length > 0 ? detailed : (diff?.changedKeys ?? []).map((key) => [key, "update"] as const);
  const groups = Object.entries({ add: "+", delete: "-", update: "~" }).map(([kind, sign]) => {
    const paths = list.filter(([, found]) => found.startsWith(kind)).map(([path]) => path.split(/[.[]/)[0] ?? path);
    return paths.length === 0 ? "" : sign + [...new Set(paths)].sort().join(",");
  });
  return list.length === 0 ? "" : `[diff: ${groups.join("")}]`;
}

/** A value for people: secrets and unknowns by their name. */
function render(value: Value): string {
  return indented(redact(value), "    ");
}

function indented(value: Value, pad: string): string {
  if (value === "[secret]") return value;
  if (value === unknownText) return "[unknown]";
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const inner = `${pad}    `;
  const items = Object.entries(value).map(([key, item]) => {
    const name = Array.isArray(value) ? `[${key}]` : key;
    return `${inner}${name}: ${indented(item as Value, inner)}\n`;
  });
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  return items.length === 0 ? open + close : `${open}\n${items.join("")}${pad}${close}`;
}
