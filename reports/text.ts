import { styleText } from "node:util";
import { show } from "../ground/day";
import { type Plan, type StackPlan, tone } from "../rotation/plan/plan";
import { writeCalendar } from "./calendar";
import { plain } from "./plain";
import { faultPlace, sourceText, widened } from "./words";
import { type Paint, type Style, Writer } from "./writer";

/** How a plan is shown in a terminal. */
export interface TextOptions {
  /** Columns to fill. @default 100 */
  readonly width?: number;
  /** Whether to colour. @default false */
  readonly color?: boolean;
}

const tones = { bad: "red", warning: "yellow", fine: "bold" } as const;
const violated: readonly [mark: string, style: { readonly mark: Style }] = ["✗ ", { mark: "red" }];
const warned: typeof violated = ["! ", { mark: "yellow" }];

/** A plan for people at a terminal, or in the log of a job. */
export function text(plan: Plan, { width = 100, color = false }: TextOptions = {}): string {
  const paint: Paint = (style, words) => (color ? styleText(style, words, { validateStream: false }) : words);
  const write = new Writer(width, paint);
  for (const [position, stack] of plan.stacks.entries()) {
    if (position > 0) write.blank();
    writeStack(write, paint, plan, stack);
  }
  if (plan.notes.length > 0) write.section("Notes", "dim");
  for (const note of plan.notes) write.item(note);
  return write.end();
}

function writeStack(write: Writer, paint: Paint, plan: Plan, stack: StackPlan): void {
  write.line(`${paint("bold", plain(stack.stack))} ${paint("dim", `(${plain(sourceText(plan))})`)}`);
  write.item(stack.summary, 0, "", { words: tones[tone(stack)] });
  if (stack.faults.length > 0) {
    write.section("Faults of the settings");
    for (const fault of stack.faults) {
      write.item(`${faultPlace(fault)}  ${fault.path}`, 2, ...violated);
      write.item(`found ${fault.found}. Write ${fault.expected}.`, 6, "");
    }
    return;
  }
  if (stack.gaps.length > 0) write.section("NO LIVING TOKEN", "red");
  for (const { account, explanation } of stack.gaps) write.item(`${account}: ${explanation}`, 2, ...violated);
  if (stack.rewrites.length > 0) write.section("Takes living tokens out of the calendar");
  for (const { explanation } of stack.rewrites) write.item(explanation, 2, ...violated);
  if (stack.findings.length > 0) write.section("Policies");
  for (const { account, policy, severity, message, excepted } of stack.findings) {
    const exception = excepted === undefined ? "" : ` Excepted until ${show(excepted.until)}: ${excepted.reason}.`;
    write.item(`${account}, ${policy}: ${message}${exception}`, 2, ...(severity === "error" ? violated : warned));
  }
  if (stack.changes !== undefined && stack.changes.length > 0) write.section("Changes");
  for (const { account, kind, details, widenings = [] } of stack.changes ?? []) {
    write.item(`${account ?? "the stack"}: ${kind}`, 2, "", { words: "cyan" });
    for (const detail of details) write.item(detail, 4);
    for (const one of widenings) write.item(`${widened}${one}`, 4, "+ ", { mark: "red", words: "red" });
  }
  write.section(`Calendar, ${plan.days} days`);
  if (stack.calendar.length === 0) write.item("Nothing.", 2, "", { words: "dim" });
  writeCalendar(write, stack.calendar);
  if (stack.unchecked.length > 0) write.section("Not checked", "dim");
  for (const one of stack.unchecked) write.item(one);
}
