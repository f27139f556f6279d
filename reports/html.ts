import { createHash } from "node:crypto";
import { type Plan, type StackPlan, verdict } from "../rotation/plan";
import { window } from "../rotation/timeline";
import { chart, legend, patterns } from "./page/chart";
import { escaped } from "./page/escape";
import { Scale } from "./page/scale";
import { script } from "./page/script";
import { style } from "./page/style";
import { calendarTable, changesList, objections, policyTable, uncheckedList } from "./page/tables";
import { sourceText } from "./words";

/**
 * A plan as one page that needs nothing else: no network, no cookie, no storage. Its policy allows just its own style and
 * script, by their hashes, so that nothing which slipped into a text could run or load.
 */
export function html(plan: Plan): string {
  const { from, to } = window(plan.asOf, plan.days);
  const scale = new Scale(from, to);
  const names = plan.stacks.map(({ stack }) => stack).join(", ");
  const notes = plan.notes.map((note) => `<li>${escaped(note)}</li>`).join("");
  const stacks = plan.stacks.map((stack, index) => ({ stack, parts: partsOf(plan, stack, scale, index) }));
  const policy = `default-src 'none'; style-src '${hash(style)}'; script-src '${hash(script)}'; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>Token rotations: ${escaped(names)}</title>
<style>${style}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the plan</a>
${patterns}
<header><h1>Token rotations: ${escaped(names)}</h1><p class="meta">${escaped(sourceText(plan))}, ${plan.days} days ahead</p>${navigation(stacks)}</header>
<main id="main">
<div class="controls" role="search" hidden>
<label>Search <input id="search" type="search" autocomplete="off" aria-keyshortcuts="/" placeholder="account, project, vault…  ( / )"></label>
<label><input type="checkbox" value="soon"> due soon</label>
<label><input type="checkbox" value="risk"> overdue or at risk</label>
<label><input type="checkbox" value="held"> held</label>
<label><input type="checkbox" value="findings"> with findings</label>
<label><input type="checkbox" value="changed"> changed</label>
<span id="count" role="status"></span>
</div>
${stacks.map(({ stack, parts }) => stackPart(plan, stack, parts)).join("\n")}
${notes === "" ? "" : `<section><h2>Notes</h2><ul class="plain">${notes}</ul></section>`}
</main>
<footer>Dates are days in UTC. A date says not before; a token is revoked only when its successor is proven.</footer>
<script>${script}</script>
</body>
</html>
`;
}

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

function navigation(stacks: readonly { readonly stack: StackPlan; readonly parts: readonly Part[] }[]): string {
  const items = stacks.map(({ stack, parts }) => {
    const links = parts.map(({ id, title }) => `<a href="#${id}">${title}</a>`).join(" ");
    return `<li>${stacks.length > 1 ? `${escaped(stack.stack)}: ` : ""}${links}</li>`;
  });
  return `<nav aria-label="Parts of the page"><ul>${items.join("")}</ul></nav>`;
}

function stackPart(plan: Plan, stack: StackPlan, parts: readonly Part[]): string {
  const title = plan.stacks.length > 1 ? `<h2>${escaped(stack.stack)}</h2>` : '<h2 class="sr">Summary</h2>';
  const head = `<section>${title}<p class="summary ${verdict([stack])}">${escaped(stack.summary)}</p></section>`;
  const rest = parts.map(({ id, content }) => `<div id="${id}" tabindex="-1">${content}</div>`);
  return [head, objections(stack), ...rest].join("\n");
}

function hash(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
