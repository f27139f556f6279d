import { addDays, type Day, show } from "../../rotation/day";
import type { AccountPlan, Entry, StackPlan } from "../../rotation/plan";
import type { Bar } from "../../rotation/timeline";
import { escaped } from "./escape";
import { percent, type Scale } from "./scale";

const laneHeight = 20;

/** The patterns that all charts of the page share. */
export const patterns = `<svg width="0" height="0" aria-hidden="true" focusable="false"><defs>
<pattern id="overlap" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" class="previous-page"/><line x1="0" y1="0" x2="0" y2="6" class="stripe" stroke-width="3"/></pattern>
<pattern id="freeze" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)"><line x1="0" y1="0" x2="0" y2="7" class="freeze-mark" stroke-width="3"/></pattern>
</defs></svg>`;

/** What the marks mean. */
export const legend = `<ul class="legend" aria-label="Legend">
<li><svg aria-hidden="true"><rect class="current" y="1" width="28" height="10" rx="3"/></svg>in use</li>
<li><svg aria-hidden="true"><rect class="previous" y="1" width="28" height="10"/></svg>kept beside its successor</li>
<li><svg aria-hidden="true"><line class="tail" x1="0" x2="26" y1="6" y2="6"/><line class="end" x1="26" x2="26" y1="1" y2="11"/></svg>revoked; its expiry if it were not</li>
<li><svg aria-hidden="true"><rect class="waiting" x="1" y="2" width="26" height="8"/></svg>waits while another is held</li>
<li><svg aria-hidden="true" class="held"><rect class="current" x="2" y="2" width="24" height="8" rx="3"/></svg>held</li>
<li><svg aria-hidden="true" class="risk"><line class="end" x1="14" x2="14" y1="0" y2="12"/></svg>dies while in use</li>
<li><svg aria-hidden="true"><rect class="frozen" width="28" height="12"/></svg>freeze</li>
<li><svg aria-hidden="true"><line class="today" x1="14" x2="14" y1="0" y2="12"/></svg>day of the plan</li>
</ul>`;

/** The timeline of every account of a stack. */
export function chart(stack: StackPlan, scale: Scale, today: Day): string {
  const marks = new Marks(stack);
  const rows = stack.accounts.map((account) => row(stack, account, scale, marks));
  return `<div class="scroll" role="region" aria-label="Timeline of ${escaped(stack.stack)}" tabindex="0"><div class="chart">
<div class="axis" aria-hidden="true"><span></span><svg height="34">${axis(scale, today)}</svg></div>
<div class="rows">${background(stack, scale, today)}<ol>${rows.join("\n")}</ol></div></div></div>`;
}

function axis(scale: Scale, today: Day): string {
  const labels = scale
    .months()
    .map(({ day, label }) => `<text class="month" x="${percent(scale.at(day))}" dx="4" y="28">${label}</text>`);
  const at = scale.at(today);
  const [anchor, shift] = at < 5 ? ["start", 4] : at > 95 ? ["end", -4] : ["middle", 0];
  const mark = `<text class="today-text" x="${percent(at)}" dx="${shift}" y="12" text-anchor="${anchor}">${show(today)}</text>`;
  return labels.join("") + mark;
}

function background(stack: StackPlan, scale: Scale, today: Day): string {
  const line = (day: Day, kind: string) => {
    const x = percent(scale.at(day));
    return `<line class="${kind}" x1="${x}" x2="${x}" y1="0" y2="100%"/>`;
  };
  const freezes = stack.freezes.map(({ from, to }) => {
    const left = scale.at(from);
    return `<rect class="frozen" x="${percent(left)}" y="0" width="${percent(scale.at(addDays(to, 1)) - left)}" height="100%"/>`;
  });
  const months = scale.months().map(({ day }) => line(day, "grid"));
  return `<svg class="back" aria-hidden="true" focusable="false">${months.join("")}${freezes.join("")}${line(today, "today")}</svg>`;
}

function row(stack: StackPlan, account: AccountPlan, scale: Scale, marks: Marks): string {
  const own = marks.entries(account.account);
  const dying = new Set(own.filter(({ atRisk }) => atRisk).map(({ generation }) => generation));
  const { lanes, count } = inLanes(account.timeline);
  const bars = account.timeline.map((bar, index) =>
    barMark(bar, (lanes[index] ?? 0) * laneHeight, scale, {
      dying: dying.has(bar.generation),
      // The line to its expiry would run into the next token of the same lane, and be taken for a link.
      crowded: account.timeline.some(
        (other, place) => place > index && lanes[place] === lanes[index] && begin(other) < bar.expiresAt,
      ),
    }),
  );
  const held = account.timeline.some((bar) => bar.held) ? ' <span class="tag hold">held</span>' : "";
  const next = `<p>${account.next === undefined ? "comes to its end" : `next ${show(account.next)}`}${held}</p>`;
  return `<li class="row" data-id="${rowId(stack, account.account)}" data-text="${searchText(stack, account)}" data-flags="${flags(account, own, marks)}">
<div class="who"><h3>${escaped(account.account)}</h3><p>${escaped(account.username)}, ${escaped(account.owner)}</p>${next}</div>
<svg height="${count * laneHeight + 8}" role="group" aria-label="Tokens of ${escaped(account.account)}">${bars.join("")}</svg></li>`;
}

function barMark(
  bar: Bar,
  top: number,
  scale: Scale,
  { dying, crowded }: { readonly dying: boolean; readonly crowded: boolean },
): string {
  const y = top + 7;
  const solid = bar.spans
    .filter(({ lifecycle }) => lifecycle !== "retired")
    .map(({ lifecycle, from, to }) => {
      const left = scale.at(from);
      const round = lifecycle === "current" ? ' rx="3"' : "";
      return `<rect class="${lifecycle}" x="${percent(left)}" y="${y}" width="${percent(scale.at(to) - left)}" height="14"${round}/>`;
    });
  const first = bar.spans[0];
  const last = bar.spans.filter(({ lifecycle }) => lifecycle !== "retired").at(-1);
  const start = scale.at(first?.from ?? bar.expiresAt);
  const stop = scale.at(last?.to ?? first?.from ?? bar.expiresAt);
  const end = scale.at(bar.expiresAt);
  const tail =
    end > stop && !crowded
      ? `<line class="tail" x1="${percent(stop)}" x2="${percent(end)}" y1="${y + 7}" y2="${y + 7}"/>`
      : "";
  const edge =
    bar.expiresAt <= scale.to && (dying || !crowded)
      ? `<line class="end" x1="${percent(end)}" x2="${percent(end)}" y1="${y + 1}" y2="${y + 13}"/>`
      : "";
  const named = bar.spans.find(({ lifecycle }) => lifecycle === "current");
  const fits = named !== undefined && scale.at(named.to) - scale.at(named.from) > 11;
  const name = fits
    ? `<text class="name" aria-hidden="true" x="${percent(scale.at(named.from))}" dx="6" y="${y + 11}">${bar.generation}</text>`
    : "";
  const hit = `<rect class="hit" x="${percent(start)}" y="${y - 1}" width="${percent(Math.max(0.3, Math.max(stop, start) - start))}" height="16" rx="3"/>`;
  const kinds = ["bar", ...(bar.held ? ["held"] : []), ...(dying ? ["risk"] : [])].join(" ");
  const told = escaped(barText(bar, dying));
  return `<g class="${kinds}" tabindex="0" role="img" aria-label="${told}"><title>${told}</title>${tail}${solid.join("")}${edge}${name}${hit}</g>`;
}

/** All that a mark shows, in words. */
function barText(bar: Bar, dying: boolean): string {
  const words = {
    current: "in use",
    previous: "kept beside its successor",
    waiting: "waiting while another is held",
    retired: "to be revoked",
  } as const;
  const spans = bar.spans.map(
    ({ lifecycle, from, to }) => `${words[lifecycle]} from ${show(from)} to ${show(addDays(to, -1))}`,
  );
  const held = bar.held ? ", held" : "";
  const end = dying ? "dies while in use" : "expires";
  return `Token ${bar.generation}${held}: ${spans.join("; ")}; ${end} on ${show(bar.expiresAt)}.`;
}

/** Tokens that live side by side stand below each other; what was revoked takes no place. */
function inLanes(bars: readonly Bar[]): { readonly lanes: readonly number[]; readonly count: number } {
  const ends: Day[] = [];
  const lanes = bars.map((bar) => {
    const from = begin(bar);
    const to = bar.spans.filter(({ lifecycle }) => lifecycle !== "retired").at(-1)?.to ?? from;
    const free = ends.findIndex((end) => end <= from);
    const lane = free === -1 ? ends.length : free;
    ends[lane] = to;
    return lane;
  });
  return { lanes, count: Math.max(2, ends.length) };
}

function begin({ spans, expiresAt }: Bar): Day {
  return spans[0]?.from ?? expiresAt;
}

/** Names the row of an account, for what else belongs to it. */
export function rowId({ stack }: StackPlan, account: string): string {
  return escaped(`${stack}/${account}`);
}

/** What the search looks at. */
function searchText(stack: StackPlan, account: AccountPlan): string {
  const { account: name, username, owner, token, scopes, consumers, proofs } = account;
  return escaped(
    [stack.stack, name, username, owner, token, ...scopes, ...consumers, ...proofs].join(" ").toLowerCase(),
  );
}

/** What the filters look at. */
function flags(account: AccountPlan, own: readonly Entry[], marks: Marks): string {
  return [
    ...(own.some(({ due }) => due !== "later") ? ["soon"] : []),
    ...(own.some(({ due, atRisk }) => atRisk || due === "overdue") ? ["risk"] : []),
    ...(account.timeline.some(({ held }) => held) ? ["held"] : []),
    ...(marks.found.has(account.account) ? ["findings"] : []),
    ...(marks.changed.has(account.account) ? ["changed"] : []),
  ].join(" ");
}

/** What a plan says of each account, looked up once for all of them. */
class Marks {
  readonly found: ReadonlySet<string>;
  readonly changed: ReadonlySet<string | undefined>;
  private readonly byAccount = new Map<string, Entry[]>();

  constructor({ calendar, findings, changes = [] }: StackPlan) {
    this.found = new Set(findings.map(({ account }) => account));
    this.changed = new Set(changes.map(({ account }) => account));
    for (const entry of calendar) {
      const own = this.byAccount.get(entry.account);
      if (own === undefined) this.byAccount.set(entry.account, [entry]);
      else own.push(entry);
    }
  }

  entries(account: string): readonly Entry[] {
    return this.byAccount.get(account) ?? [];
  }
}
