import { styleText } from "node:util";
import { show } from "../rotation/day";
import type { Entry, Plan, StackPlan } from "../rotation/plan";
import { plain } from "./plain";
import { dueWord, eventWords, faultPlace, sourceText } from "./words";

/** How a plan is shown in a terminal. */
export interface TextOptions {
  /** Columns to fill. @default 100 */
  readonly width?: number;
  /** Whether to colour. @default false */
  readonly color?: boolean;
}

type Style = "bold" | "dim" | "red" | "yellow" | "green" | "cyan";
type Paint = (style: Style, text: string) => string;

const violated: readonly [mark: string, style: { readonly mark: Style }] = ["✗ ", { mark: "red" }];
const warned: typeof violated = ["! ", { mark: "yellow" }];

/** A plan for people at a terminal, or in the log of a job. */
export function text(plan: Plan, { width = 100, color = false }: TextOptions = {}): string {
  const paint: Paint = (style, words) => (color ? styleText(style, words, { validateStream: false }) : words);
  const write = new Writer(Math.max(40, width), paint);
  for (const [position, stack] of plan.stacks.entries()) {
    if (position > 0) write.blank();
    writeStack(write, paint, plan, stack);
  }
  if (plan.notes.length > 0) write.section("Notes", "dim");
  for (const note of plan.notes) write.item(note);
  return write.end();
}

/** Lines of a width; what does not fit goes on below, indented. */
class Writer {
  private readonly lines: string[] = [];

  constructor(
    readonly width: number,
    private readonly paint: Paint,
  ) {}

  line(line: string): void {
    this.lines.push(line);
  }

  blank(): void {
    this.lines.push("");
  }

  section(title: string, style: Style = "bold"): void {
    this.blank();
    this.line(this.paint(style, title));
  }

  item(words: string, indent = 2, mark = "- ", style: { readonly words?: Style; readonly mark?: Style } = {}): void {
    const paint = (which: Style | undefined, text: string) => (which === undefined ? text : this.paint(which, text));
    const margin = indent + mark.length;
    const lines = wrapped(plain(words), this.width - margin);
    for (const [position, line] of lines.entries()) {
      const before = position === 0 ? " ".repeat(indent) + paint(style.mark, mark) : " ".repeat(margin);
      this.line(before + paint(style.words, line));
    }
  }

  end(): string {
    return `${this.lines.join("\n")}\n`;
  }
}

function writeStack(write: Writer, paint: Paint, plan: Plan, stack: StackPlan): void {
  write.line(`${paint("bold", plain(stack.stack))} ${paint("dim", `(${plain(sourceText(plan))})`)}`);
  write.item(stack.summary, 0, "", { words: "bold" });
  if (stack.faults.length > 0) {
    write.section("Faults of the settings");
    for (const fault of stack.faults) {
      write.item(`${faultPlace(fault)}  ${fault.path}`, 2, ...violated);
      write.item(`found ${fault.found}. Write ${fault.expected}.`, 6, "");
    }
    return;
  }
  if (stack.rewrites.length > 0) write.section("Takes living tokens out of the calendar");
  for (const { explanation } of stack.rewrites) write.item(explanation, 2, ...violated);
  if (stack.findings.length > 0) write.section("Policies");
  for (const { account, policy, severity, message, excepted } of stack.findings) {
    const exception = excepted === undefined ? "" : ` Excepted until ${show(excepted.until)}: ${excepted.reason}.`;
    write.item(`${account}, ${policy}: ${message}${exception}`, 2, ...(severity === "error" ? violated : warned));
  }
  if (stack.changes !== undefined && stack.changes.length > 0) write.section("Changes");
  for (const { account, kind, details } of stack.changes ?? []) {
    write.item(`${account ?? "the stack"}: ${kind}`, 2, "", { words: "cyan" });
    for (const detail of details) write.item(detail, 4);
  }
  write.section(`Calendar, ${plan.days} days`);
  if (stack.calendar.length === 0) write.item("Nothing.", 2, "", { words: "dim" });
  writeCalendar(write, paint, stack.calendar);
}

function writeCalendar(write: Writer, paint: Paint, calendar: readonly Entry[]): void {
  const longest = Math.max(0, ...calendar.map(({ account }) => plain(account).length));
  const accountWidth = Math.min(longest, Math.max(12, write.width - 60));
  const told = new Set<string>();
  for (const entry of calendar) {
    const due = dueWord(entry);
    const style = entry.due === "overdue" || entry.atRisk ? "red" : entry.due === "later" ? "dim" : "yellow";
    const cells = [
      show(entry.date).padEnd(15),
      paint(style, due.padEnd(10)),
      paint("bold", fitted(plain(entry.account), accountWidth)),
      eventWords[entry.event].padEnd(11),
      entry.generation,
    ];
    write.line(`  ${cells.join("  ")}`.trimEnd());
    // The places are the same each time: told with the first date, and where it matters.
    if (entry.event === "retire" || (told.has(entry.account) && !entry.atRisk)) continue;
    if (entry.event !== "expire") told.add(entry.account);
    const places = entry.consumers.length === 0 ? [] : [`in ${entry.consumers.join("; ")}`];
    const proofs = entry.proofs.length === 0 ? [] : [`proved by ${entry.proofs.join("; ")}`];
    for (const words of [...places, ...proofs]) write.item(words, 19, "", { words: "dim" });
  }
}

function fitted(words: string, width: number): string {
  return words.length > width ? `${words.slice(0, width - 1)}…` : words.padEnd(width);
}

function wrapped(words: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of words.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = "";
    }
    let rest = line === "" ? word : `${line} ${word}`;
    // A word longer than a line, such as a path, is cut.
    while (rest.length > width) {
      lines.push(rest.slice(0, width));
      rest = rest.slice(width);
    }
    line = rest;
  }
  return line === "" && lines.length > 0 ? lines : [...lines, line];
}
