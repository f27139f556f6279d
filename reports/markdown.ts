import { show } from "../ground/day";
import type { Entry, Plan, StackPlan } from "../rotation/plan/plan";
import { plain } from "./plain";
import { dueWord, eventWords, faultPlace, sourceText, widened } from "./words";

/** Stands first in the note, so that the next plan finds it and takes its place. */
export const marker = "<!-- pat-rotation: plan -->";

/** Rows of a calendar; what is later can be seen in the other reports. */
const mostRows = 60;

/** A plan as the note of a GitLab merge request. Nothing of the declaration mentions, links, commands or marks up. */
export function markdown(plan: Plan): string {
  const parts = [marker, ...plan.stacks.flatMap((stack) => stackPart(plan, stack))];
  if (plan.notes.length > 0) parts.push(plan.notes.map((note) => `- ${prose(note)}`).join("\n"));
  parts.push(`<sub>Plan of ${sourceText(plan)}: from the files alone.</sub>`);
  return `${parts.join("\n\n")}\n`;
}

function stackPart(plan: Plan, stack: StackPlan): readonly string[] {
  const { faults, rewrites, gaps, findings, changes = [], calendar, unchecked } = stack;
  const head = [`## Rotation plan: ${code(stack.stack)}`, `**${prose(stack.summary)}**`];
  if (faults.length > 0) {
    const rows = faults.map((one) => [code(faultPlace(one)), code(one.path), prose(one.found), prose(one.expected)]);
    return [...head, table(["Where", "What", "Found", "Write instead"], rows)];
  }
  const parts = [...head];
  if (gaps.length > 0) {
    const rows = gaps.map(({ account, generation, from, until, explanation }) => [
      code(account),
      generation,
      show(from),
      until === undefined ? "" : show(until),
      prose(explanation),
    ]);
    parts.push("### :rotating_light: No living token", table(["Account", "Dead", "From", "Until", "What to do"], rows));
  }
  if (rewrites.length > 0) {
    parts.push("### :no_entry: Takes living tokens out of the calendar", list(rewrites.map((one) => one.explanation)));
  }
  if (findings.length > 0) {
    const rows = findings.map(({ account, policy, severity, message, excepted }) => [
      severity === "error" ? ":x:" : ":warning:",
      code(account),
      policy,
      prose(
        excepted === undefined ? message : `${message} Excepted until ${show(excepted.until)}: ${excepted.reason}.`,
      ),
    ]);
    parts.push("### Policies", table(["", "Account", "Policy", "Finding"], rows));
  }
  if (changes.length > 0) {
    const items = changes.map(
      ({ account, kind, details, widenings = [] }) =>
        `- ${account === undefined ? "The stack" : code(account)}: ${kind}\n${[
          ...details.map((one) => `  - ${prose(one)}`),
          ...widenings.map((one) => `  - :red_circle: **${prose(`${widened}${one}`)}**`),
        ].join("\n")}`,
    );
    parts.push("### Changes", items.join("\n"));
  }
  parts.push(`### Calendar, ${plan.days} days`, calendarPart(calendar));
  if (unchecked.length > 0) parts.push("### Not checked", list(unchecked));
  return parts;
}

function calendarPart(calendar: readonly Entry[]): string {
  if (calendar.length === 0) return "Nothing.";
  const rows = calendar
    .slice(0, mostRows)
    .map((entry) => [
      show(entry.date),
      entry.due === "overdue" || entry.atRisk ? `**${dueWord(entry)}**` : dueWord(entry),
      code(entry.account),
      eventWords[entry.event],
      entry.generation,
      entry.event === "retire" ? "" : entry.consumers.map(code).join("<br>"),
      entry.proofs.map(code).join("<br>"),
    ]);
  const more = calendar.length - rows.length;
  const later = more > 0 ? `\n\nAnd ${more} more, later.` : "";
  return table(["Date", "Due", "Account", "What", "Generation", "Places", "Proved by"], rows) + later;
}

function list(sentences: readonly string[]): string {
  return sentences.map((one) => `- ${prose(one)}`).join("\n");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** A name, set off from the sentences around it. */
export function code(text: string): string {
  const shown = parted(text);
  return shown === "" ? "" : `<code>${entities(shown)}</code>`;
}

/** A sentence. */
export function prose(text: string): string {
  return entities(parted(text)).replace(/^[-(/=?'"]|^(\d+)([.)])/, (first, digits: string | undefined, mark: string) =>
    digits === undefined ? reference(first) : `${digits}${reference(mark)}`,
  );
}

/**
 * Character references keep a text from being Markdown or HTML; but GitLab looks for mentions, links and emoji in what is left
 * after that, in part even inside of code. So a joiner, which cannot be seen, parts what would be one.
 */
export function parted(text: string): string {
  return plain(text)
    .replace(/[@#!%~$&^*](?=[\w"'[{.-])|\[(?=\w)|:(?=\/\/|[\w+-]+:)|\bwww(?=\.)/gi, "$&\u2060")
    .replace(/\b(?=[0-9a-f]*\d)[0-9a-f]{7,40}\b/gi, (hex) => `${hex.slice(0, 3)}\u2060${hex.slice(3)}`)
    .replace(/\b([A-Z][A-Z0-9_]+)-(?=\d)/g, "$1-\u2060");
}

/** Everything but what is harmless inside of a line. */
function entities(text: string): string {
  return text.replace(/[^\p{L}\p{N} .,;:?=()'"/\-\u2060]/gu, reference);
}

function reference(character: string): string {
  return `&#${character.codePointAt(0)};`;
}
