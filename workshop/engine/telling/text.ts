import { isDeepStrictEqual } from "node:util";
import { unknownText } from "../../../providers/host/values";
import type { Diff } from "../answers";
import type { Value, Values } from "../state/deployment";
import { nameOf, stackType, typeOf } from "../urn";
import { propertyOf, redact } from "../values";
import { ops } from "./ops";
import type { Report, Show } from "./report";
import type { Message, Step } from "./step";

/** The CLI's plain output: a row for what begins, ends and is said, then what was said once more, the outputs, the counts. */
export const text: Show = {
  title({ run: { kind, preview, stack } }) {
    const running = { update: "Updating", refresh: "Refreshing", destroy: "Destroying", import: "Importing" };
    return `${preview ? `Previewing ${kind}` : running[kind]} (${stack}):\n\n`;
  },
  step(event, { run: { preview, flags } }) {
    const { at, op, urn } = event;
    const [, sign, doing, done, plan] = ops[op];
    if (sign === undefined || (at === "begin" && (preview || flags.diff || op === "refresh"))) return "";
    if (flags.diff && at === "end") return details(event, sign, plan);
    const words = { begin: doing, fail: `**${doing} failed**`, end: preview ? plan : done, found: done, outputs: "" };
    return `${` ${sign} ${typeOf(urn)} ${nameOf(urn)} ${words[at]} ${reasons(event.diff)}`.trimEnd()}\n`;
  },
  message: (message, report) => `    ${whose(message, report)} ${told(message).split("\n")[0]}\n`,
  closing(report) {
    const { run, messages, counts, seconds } = report;
    const { preview } = run;
    const kinds = (["create", "update", "delete", "replace", "import"] as const).filter((op) => counts[op]);
    const sums = kinds.map((op) => `    ${ops[op][1]}${counts[op]} ${preview ? `to ${ops[op][4]}` : ops[op][3]}`);
    const { same = 0 } = counts;
    if (kinds.length > 1)
      sums.push(`    ${kinds.reduce((sum, op) => sum + (counts[op] ?? 0), 0)} changes. ${same} unchanged`);
    else if (same > 0 || kinds.length === 0) sums.push(`    ${same} unchanged`);
    const failed = messages.filter(({ severity }) => severity === "error");
    if (failed.length > 0) sums.push(`    ${new Set(failed.map((one) => whose(one, report))).size} errored`);
    const duration = preview ? [] : [`Duration: ${Math.round(seconds)}s`, ""];
    return `${[...diagnostics(report), ...outputs(report), "Resources:", ...sums, "", ...duration].join("\n")}\n`;
  },
};

/** Whom a message is about: what is said of no resource is said of the stack. */
const whose = ({ urn }: Message, { run }: Report): string =>
  `${typeOf(urn) || stackType} ${nameOf(urn) || `${run.project.name}-${run.stack}`}`;

const told = ({ severity, text }: Message): string =>
  `${severity === "info" ? "" : `${severity}: `}${painted(text.trimEnd())}`;

/** Colours as programs and providers ask for them, where they can be seen: `<{%fg 1%}>red<{%reset%}>`. */
function painted(text: string): string {
  const { NO_COLOR, FORCE_COLOR = "0" } = process.env;
  const isSeen = !NO_COLOR && (process.stdout.isTTY === true || (FORCE_COLOR !== "" && FORCE_COLOR !== "0"));
  const code = (what: string) => (what.startsWith("fg ") ? `38;5;${what.slice(3)}` : what === "bold" ? "1" : "0");
  return text.replace(/<\{%(bold|reset|fg \d+)%\}>/g, (_, what) => (isSeen ? `\u001b[${code(what)}m` : ""));
}

function diagnostics(report: Report): readonly string[] {
  const sections = new Map<string, string[]>();
  for (const message of report.messages) {
    if (message.ephemeral) continue;
    const about = whose(message, report);
    sections.set(about, [...(sections.get(about) ?? []), `    ${told(message).replaceAll("\n", "\n    ")}`]);
  }
  const lines = [...sections].flatMap(([about, said]) => [`  ${about.replace(" ", " (")}):`, ...said, ""]);
  return lines.length > 0 ? ["Diagnostics:", ...lines] : [];
}

function outputs({ steps, run: { preview, flags } }: Report): readonly string[] {
  if (flags["suppress-outputs"] === true) return [];
  const found = steps.filter(({ at, urn }) => (at === "outputs" || at === "found") && typeOf(urn) === stackType).at(-1);
  const lines = compare(found?.old?.outputs, found?.next?.outputs, "  ", !preview);
  return lines.length > 0 ? ["Outputs:", ...lines, ""] : [];
}

/** A step with `--diff`. Of a replacement one of its steps tells all. */
function details({ op, urn, old, next }: Step, sign: string, plan: string): string {
  if (/-replace/.test(op)) return "";
  const id = old?.id ?? next?.id;
  const heading = [`  ${sign}${typeOf(urn)}: (${plan})`, ...(id ? [`      [id=${id}]`] : []), `      [urn=${urn}]`];
  const changed = op === "delete" ? [] : compare(old?.inputs, next?.inputs, "    ", false);
  return `${[...heading, ...changed].join("\n")}\n`;
}

/** A line for each property that came, went or changed; also for the others when asked to. */
function compare(before: Values = {}, after: Values = {}, pad: string, all: boolean): readonly string[] {
  return Object.keys({ ...before, ...after })
    .sort()
    .flatMap((key) => {
      const [from, to] = [before[key], after[key]];
      if (to === undefined) return `${pad}- ${key}: ${render(from)}`;
      if (from === undefined) return `${pad}+ ${key}: ${render(to)}`;
      if (!isDeepStrictEqual(from, to)) return `${pad}~ ${key}: ${render(from)} => ${render(to)}`;
      return all ? `${pad}  ${key}: ${render(to)}` : [];
    });
}

/** The properties that make the difference, such as `[diff: +a~b]`. */
function reasons({ detailed, changedKeys = [] }: Partial<Diff> = {}): string {
  const list = Object.entries(detailed ?? Object.fromEntries(changedKeys.map((key) => [key, { kind: "update" }])));
  const groups = Object.entries({ add: "+", delete: "-", update: "~" }).map(([kind, sign]) => {
    const keys = list.flatMap(([path, found]) => (found.kind.startsWith(kind) ? propertyOf(path) : []));
    return keys.length === 0 ? "" : sign + [...new Set(keys)].sort().join(",");
  });
  return list.length === 0 ? "" : `[diff: ${groups.join("")}]`;
}

/** A value for people: as JSON, with secrets and unknowns by their name. */
function render(value: Value = null): string {
  const shown = JSON.stringify(redact(value), undefined, 4).replaceAll("\n", "\n    ");
  return shown.replaceAll('"[secret]"', "[secret]").replaceAll(`"${unknownText}"`, "[unknown]");
}
