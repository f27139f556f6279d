import { type Day, show } from "../../ground/day";
import type { AccountPlan, Entry, StackPlan } from "../../rotation/plan/plan";
import { axis, background } from "./axis";
import { leakTag, tokens } from "./bars";
import { escaped } from "./escape";
import type { Scale } from "./scale";

/** The timeline of every account of a stack. */
export function chart(stack: StackPlan, scale: Scale, today: Day): string {
  const marks = new Marks(stack);
  const rows = stack.accounts.map((account) => row(stack, account, scale, marks));
  return `<div class="scroll" role="region" aria-label="Timeline of ${escaped(stack.stack)}" tabindex="0"><div class="chart">
<div class="axis" aria-hidden="true"><span></span><svg height="34">${axis(scale, today)}</svg></div>
<div class="rows">${background(stack.freezes, scale, today)}<ol>${rows.join("\n")}</ol></div></div></div>`;
}

function row(stack: StackPlan, account: AccountPlan, scale: Scale, marks: Marks): string {
  const own = marks.entries(account.account);
  const dying = new Set(own.filter(({ atRisk }) => atRisk).map(({ generation }) => generation));
  const held = account.timeline.some((bar) => bar.held) ? ' <span class="tag hold">held</span>' : "";
  const leaked = account.timeline.filter(({ compromised }) => compromised !== undefined).map(leakTag);
  const next = `<p>${account.next === undefined ? "comes to its end" : `next ${show(account.next)}`}${held}${leaked.join("")}</p>`;
  return `<li class="row" data-id="${rowId(stack, account.account)}" data-text="${searchText(stack, account)}" data-flags="${flags(account, own, marks)}">
<div class="who"><h3>${escaped(account.account)}</h3><p>${escaped(account.username)}, ${escaped(account.owner)}</p>${next}</div>
${tokens({ name: `Tokens of ${account.account}`, bars: account.timeline, dying }, scale)}</li>`;
}

/** Names the row of an account, for what else belongs to it. */
export function rowId({ stack }: StackPlan, account: string): string {
  return escaped(`${stack}/${account}`);
}

/** What the search looks at. */
function searchText(stack: StackPlan, account: AccountPlan): string {
  const { account: name, username, owner, token, scopes, permissions = [], consumers, proofs } = account;
  return escaped(
    [stack.stack, name, username, owner, token, ...scopes, ...permissions, ...consumers, ...proofs]
      .join(" ")
      .toLowerCase(),
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
