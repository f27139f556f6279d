import { addDays, type Day, show } from "../../ground/day";
import type { Freeze } from "../../rotation/declaration/declaration";
import { percent, type Scale } from "./scale";

/** The months above the rows, and the day of the page. */
export function axis(scale: Scale, today: Day): string {
  // At the edge a name would run out of the chart.
  const labels = scale
    .months()
    .filter(({ day }) => scale.at(day) < 93)
    .map(({ day, label }) => `<text class="month" x="${percent(scale.at(day))}" dx="4" y="28">${label}</text>`);
  const at = scale.at(today);
  const [anchor, shift] = at < 15 ? ["start", 4] : at > 85 ? ["end", -4] : ["middle", 0];
  const mark = `<text class="today-text" x="${percent(at)}" dx="${shift}" y="12" text-anchor="${anchor}">${show(today)}</text>`;
  return labels.join("") + mark;
}

/** What lies behind all rows: months, freezes and the day of the page. */
export function background(frozen: readonly Freeze[], scale: Scale, today: Day): string {
  const line = (day: Day, kind: string) => {
    const x = percent(scale.at(day));
    return `<line class="${kind}" x1="${x}" x2="${x}" y1="0" y2="100%"/>`;
  };
  const freezes = frozen.map(({ from, to }) => {
    const left = scale.at(from);
    return `<rect class="frozen" x="${percent(left)}" y="0" width="${percent(scale.at(addDays(to, 1)) - left)}" height="100%"/>`;
  });
  const months = scale.months().map(({ day }) => line(day, "grid"));
  return `<svg class="back" aria-hidden="true" focusable="false">${months.join("")}${freezes.join("")}${line(today, "today")}</svg>`;
}
