import { addDays, type Day, days, show } from "../../ground/day";
import type { Freeze } from "../../rotation/declaration/declaration";
import { axis, background } from "../page/axis";
import { escaped } from "../page/escape";
import { page } from "../page/frame";
import { fleetLegend } from "../page/legend";
import { Scale } from "../page/scale";
import { gravestFirst, type StackStatus, type Verdict } from "../standing";
import { headline, ranText } from "../standingWords";
import { attention } from "./attention";
import type { Line } from "./line";
import { row } from "./row";

/** A stack, and what is drawn of it. */
export interface FleetStack {
  readonly status: StackStatus;
  readonly freezes: readonly Freeze[];
  /** By the account's name. */
  readonly lines: ReadonlyMap<string, Line>;
}

/** The days that the page shows: half a year back, and so far ahead that a token of the longest life ends on it. */
export function stretch(today: Day): { readonly from: Day; readonly to: Day } {
  return { from: addDays(today, -180), to: addDays(today, 400) };
}

/** How a fleet stands, over all of its stacks, as one page. */
export function fleet(stacks: readonly FleetStack[], today: Day): string {
  const { from, to } = stretch(today);
  const scale = new Scale(from, to);
  const all = stacks.flatMap(({ status }) => status.accounts);
  const unread = stacks.filter(({ status }) => status.isRead === false).length;
  const names = stacks.map(({ status }) => status.stack).join(", ");
  const told = [
    ...(all.length === 0 ? [] : [headline(all)]),
    ...(unread === 0 ? [] : [`${unread === 1 ? "1 state was" : `${unread} states were`} not read.`]),
  ].join(" ");
  const cards = attention(stacks, rowName);
  const first = cards === "" ? "Nobody is needed" : "Needs somebody";
  return page({
    title: `Tokens of ${names}`,
    skip: "Skip to how they stand",
    meta: `${show(today)}; ${stacks.map(({ status }) => `${status.stack}: ${ranText(status)}`).join("; ")}`,
    navigation: [
      {
        name: "",
        links: [
          { id: "attention", title: first },
          ...stacks.map(({ status: { stack } }, index) => ({ id: `stack-${index}`, title: stack })),
        ],
      },
    ],
    filters: [
      ["risk", "at risk"],
      ["due", "failed or late"],
      ["unknown", "not known"],
      ["soon", `due in ${days(SOON)}`],
      ["held", "older token held"],
      ["leaked", "compromised"],
    ],
    main: `<section id="attention" tabindex="-1"><h2>${first}</h2><p class="summary ${tone(stacks)}">${escaped(told)}</p>${cards}</section>
${fleetLegend}
${stacks.map((stack, index) => stackPart(stack, index, scale, { today, isOnly: stacks.length === 1 })).join("\n")}`,
    foot: `Dates are days in UTC. What was is what the last run left in the state${all.some(({ places }) => places.some(({ isRead }) => isRead)) ? ", and what the servers said when this page was made" : ""}; what is to come is as declared: a date says not before.`,
  });
}

/** Within so many days a date is soon. */
const SOON = 30;

function stackPart(
  { status, freezes, lines }: FleetStack,
  index: number,
  scale: Scale,
  { today, isOnly }: { readonly today: Day; readonly isOnly: boolean },
): string {
  const seen = freezes.filter(({ from, to }) => to >= scale.from && from < scale.to);
  const frozen = seen.map(
    ({ from, to, reason }) => `${show(from)} to ${show(to)}${reason === undefined ? "" : ` (${reason})`}`,
  );
  const accounts = gravestFirst(status.accounts);
  const rows = accounts.map((one, at) =>
    row(one, lines.get(one.account), {
      stack: status.stack,
      id: rowName(index, at),
      scale,
      today,
      soon: addDays(today, SOON),
    }),
  );
  const unchecked = status.unchecked.map((what) => `<li>${escaped(what)}</li>`).join("");
  const chart = `<div class="chart"><div class="axis" aria-hidden="true"><span></span><svg height="34">${axis(scale, today)}</svg></div>
<div class="rows">${background(seen, scale, today)}<ol>${rows.join("\n")}</ol></div></div><p class="none" hidden>No account fits.</p>`;
  const told = [
    ...(accounts.length === 0 ? ["No account can be shown."] : isOnly ? [] : [headline(accounts)]),
    ...(isOnly ? [] : [`${sentence(ranText(status))}.`]),
    ...(frozen.length === 0 ? [] : [`Freezes: ${frozen.join("; ")}.`]),
  ].join(" ");
  return `<section id="stack-${index}" tabindex="-1"${status.isRead === false ? ' class="warn"' : ""}><h2>${escaped(status.stack)}</h2>
${told === "" ? "" : `<p class="meta">${escaped(told)}</p>`}
${unchecked === "" ? "" : `<h3>Not known</h3><ul class="plain">${unchecked}</ul>`}
${rows.length === 0 ? "" : chart}</section>`;
}

/** The anchor of a row. */
function rowName(stack: number, at: number): string {
  return `account-${stack}-${at}`;
}

/** The colour of the headline follows the worst of it. */
function tone(stacks: readonly FleetStack[]): "bad" | "warning" | "fine" {
  const has = (...verdicts: readonly Verdict[]) =>
    stacks.some(({ status }) => status.accounts.some(({ verdict }) => verdicts.includes(verdict)));
  if (has("risk")) return "bad";
  return has("due", "unknown") || stacks.some(({ status }) => status.unchecked.length > 0) ? "warning" : "fine";
}

function sentence(words: string): string {
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;
}
