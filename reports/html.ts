import { window } from "../rotation/calendar/timeline";
import { type Plan, type StackPlan, tone } from "../rotation/plan/plan";
import { chart } from "./page/chart";
import { escaped } from "./page/escape";
import { page } from "./page/frame";
import { legend } from "./page/legend";
import { Scale } from "./page/scale";
import { calendarTable, changesList, objections, policyTable, uncheckedList } from "./page/tables";
import { sourceText } from "./words";

/** A plan as one page. */
export function html(plan: Plan): string {
  const { from, to } = window(plan.asOf, plan.days);
  const scale = new Scale(from, to);
  const names = plan.stacks.map(({ stack }) => stack).join(", ");
  const notes = plan.notes.map((note) => `<li>${escaped(note)}</li>`).join("");
  const stacks = plan.stacks.map((stack, index) => ({ stack, parts: partsOf(plan, stack, scale, index) }));
  return page({
    title: `Token rotations: ${names}`,
    skip: "Skip to the plan",
    meta: `${sourceText(plan)}, ${plan.days} days ahead`,
    navigation: stacks.map(({ stack, parts }) => ({ name: stack.stack, links: parts })),
    filters,
    main: `${stacks.map(({ stack, parts }) => stackPart(plan, stack, parts)).join("\n")}
${notes === "" ? "" : `<section><h2>Notes</h2><ul class="plain">${notes}</ul></section>`}`,
    foot: "Dates are days in UTC. A date says not before; a token is revoked only when its successor is proven.",
  });
}

const filters = [
  ["soon", "due soon"],
  ["risk", "overdue or at risk"],
  ["held", "held"],
  ["findings", "with findings"],
  ["changed", "changed"],
] as const;

/** What a reader of a long page goes to at once. */
interface Part {
  readonly id: string;
  readonly title: string;
  readonly content: string;
}

function partsOf(plan: Plan, stack: StackPlan, scale: Scale, index: number): readonly Part[] {
  const none = '<p class="none" hidden>No account fits.</p>';
  const changed = { id: `changes-${index}`, title: "Changes", content: changesList(stack) };
  const parts = [
    {
      id: `timeline-${index}`,
      title: "Timeline",
      content: `<section><h2>Timeline</h2>${legend}${chart(stack, scale, plan.asOf)}${none}</section>`,
    },
    { id: `policies-${index}`, title: "Policies", content: policyTable(stack) },
    changed,
    { id: `calendar-${index}`, title: "Calendar", content: calendarTable(stack, plan.days) },
    { id: `unchecked-${index}`, title: "Not checked", content: uncheckedList(stack) },
  ];
  return (stack.accounts.length === 0 ? [changed] : parts).filter(({ content }) => content !== "");
}

function stackPart(plan: Plan, stack: StackPlan, parts: readonly Part[]): string {
  const title = plan.stacks.length > 1 ? `<h2>${escaped(stack.stack)}</h2>` : '<h2 class="sr">Summary</h2>';
  const head = `<section>${title}<p class="summary ${tone(stack)}">${escaped(stack.summary)}</p></section>`;
  const rest = parts.map(({ id, content }) => `<div id="${id}" tabindex="-1">${content}</div>`);
  return [head, objections(stack), ...rest].join("\n");
}
