import { addDays, type Day, daysBetween } from "../../ground/day";
import { type Gap, gaps } from "../calendar/gaps";
import { generations } from "../calendar/generations";
import { type Rewrite, rewrites } from "../calendar/history";
import { type Bar, timeline, window } from "../calendar/timeline";
import { type Event, nextRotation, upcoming } from "../calendar/upcoming";
import { userText } from "../declaration/accessToken";
import type { AccountDeclaration, Freeze, Settings } from "../declaration/declaration";
import type { FileFault } from "../declaration/faults";
import { consumerTexts, ownerText, proofText } from "../declaration/places";
import { legacyFindings } from "../permissions/legacy";
import { permissionTexts } from "../permissions/permissions";
import { type Change, changes } from "./changes";
import { currentOf, type Effects, effects } from "./effects";
import { type Finding, fallbacks, findings, violations } from "./policies";
import { brokenSummary, summary } from "./summary";
import { unchecked } from "./unchecked";

/** What a declaration, or an edit of it, means from a day on: what every report is made of. */
export interface Plan {
  /** The day it was made for. */
  readonly asOf: Day;
  /** How many days it looks ahead. */
  readonly days: number;
  /** What was read: `the working tree`, `commit 1a2b3c4d`. */
  readonly of: string;
  /** What it is compared with; absent when it is not. */
  readonly against?: string;
  /** What could not be done, such as a comparison; in sentences. */
  readonly notes: readonly string[];
  /** The stacks, by name. */
  readonly stacks: readonly StackPlan[];
}

/** The plan of one stack. When there are faults, all else is empty. */
export interface StackPlan {
  /** Name of the stack. */
  readonly stack: string;
  /** The files it is declared in. */
  readonly files: readonly string[];
  /** What happens, in a sentence or two. */
  readonly summary: string;
  /** Why its settings cannot be used. */
  readonly faults: readonly FileFault[];
  /** The edit; absent when nothing was compared. */
  readonly changes?: readonly Change[];
  /** Edits that take a generation which lives out of its calendar. */
  readonly rewrites: readonly Rewrite[];
  /** Stretches of time in which an account has no token that lives. */
  readonly gaps: readonly Gap[];
  /** What the rules object to. */
  readonly findings: readonly Finding[];
  /** What the files cannot tell, in sentences. */
  readonly unchecked: readonly string[];
  /** What the dates ask for, soonest first. */
  readonly calendar: readonly Entry[];
  /** Days on which nothing rotates. */
  readonly freezes: readonly Freeze[];
  /** Each account and its tokens over time. */
  readonly accounts: readonly AccountPlan[];
}

/** Something that the dates ask for. */
export interface Entry extends Event {
  /** Before the plan's day and not asked for until this edit; on the day; within the notice; later. */
  readonly due: "overdue" | "today" | "soon" | "later";
  /** Days from the plan's day; negative when overdue. */
  readonly inDays: number;
  /** Whether a token dies that is still in use. */
  readonly atRisk: boolean;
  /** The places that hold the token. */
  readonly consumers: readonly string[];
  /** The pipelines that prove it. */
  readonly proofs: readonly string[];
}

/** One account as it stands, and its tokens over time. */
export interface AccountPlan {
  /** Name of the account. */
  readonly account: string;
  /** GitLab's username. */
  readonly username: string;
  /** Who owns it: `group security`. */
  readonly owner: string;
  /** GitLab's name of its tokens. */
  readonly token: string;
  /** Scopes of its tokens. */
  readonly scopes: readonly string[];
  /** What fine-grained ones may do, a text for each place; absent for legacy ones. */
  readonly permissions?: readonly string[];
  /** Places that hold its token. */
  readonly consumers: readonly string[];
  /** Pipelines that prove it. */
  readonly proofs: readonly string[];
  /** The generation in use; absent before the first. */
  readonly current?: string;
  /** The day on which it gets another token, holds included; absent when it comes to its end. */
  readonly next?: Day;
  /** Its generations, from some days before the plan's day. */
  readonly timeline: readonly Bar[];
}

/** What a plan comes to, the gravest first. */
export const verdicts = ["settings", "rewrite", "gap", "policy", "fine"] as const;

/**
 * One of {@link verdicts}: settings that cannot be used; living tokens taken out of the calendar; a time without a token that
 * lives; a rule broken; or nothing to object to.
 */
export type Verdict = (typeof verdicts)[number];

/** The gravest thing about a plan. */
export function verdict(stacks: readonly StackPlan[]): Verdict {
  if (stacks.some(({ faults }) => faults.length > 0)) return "settings";
  if (stacks.some(({ rewrites }) => rewrites.length > 0)) return "rewrite";
  if (stacks.some(({ gaps }) => gaps.length > 0)) return "gap";
  return stacks.some(({ findings }) => violations(findings).length > 0) ? "policy" : "fine";
}

/** How a plan looks at a glance: as its verdict, and not fine where something is warned of, overdue or frozen out. */
export function tone(stack: StackPlan): "bad" | "warning" | "fine" {
  const found = verdict([stack]);
  if (found !== "fine") return found === "policy" ? "warning" : "bad";
  const isWarned = stack.findings.some(({ excepted }) => excepted === undefined);
  const isLate = stack.calendar.some(({ due, atRisk }) => due === "overdue" || atRisk);
  return isWarned || isLate ? "warning" : "fine";
}

/** One stack's settings, and what to compare them with. */
export interface StackInput {
  /** Name of the stack. */
  readonly stack: string;
  /** The files it is declared in. */
  readonly files: readonly string[];
  /** What is declared; absent with faults, and when the stack is no longer declared. */
  readonly settings?: Settings;
  /** Why it cannot be read. */
  readonly faults?: readonly FileFault[];
  /** How many accounts a run would go on with in spite of the faults. @default 0 */
  readonly usable?: number;
  /** What was declared before: `"none"` when the stack is new; absent when that is not known. */
  readonly before?: Settings | "none";
}

/** The plan of a stack from a day on, for so many days. */
export function planStack(input: StackInput, today: Day, days: number): StackPlan {
  const { stack, files } = input;
  const settings = input.settings ?? nothingLeft(input.before);
  const faults = settings === undefined && (input.faults ?? []).length === 0 ? [unseen(stack)] : (input.faults ?? []);
  if (settings === undefined || faults.length > 0) {
    const empty = { rewrites: [], gaps: [], findings: [], unchecked: [], calendar: [], freezes: [], accounts: [] };
    return { stack, files, summary: brokenSummary(faults, input.usable ?? 0), faults, ...empty };
  }
  const before = input.before === "none" ? { ...settings, accounts: [] } : input.before;
  const edit = before === undefined ? undefined : effects(before, settings, today);
  const lost = before === undefined ? [] : rewrites(before, settings, today);
  const changed = before === undefined ? undefined : changes(before, settings, today);
  const found = [
    ...(before === undefined ? [] : fallbacks(before, settings)),
    ...findings(settings, today),
    ...legacyFindings(settings, today),
  ];
  const dead = gaps(settings, today, days);
  const { from, to } = window(today, days);
  return {
    stack,
    files,
    summary: summary({ settings, changes: changed, effects: edit, rewrites: lost, gaps: dead, findings: found, today }),
    faults,
    ...(changed === undefined ? {} : { changes: changed }),
    rewrites: lost,
    gaps: dead,
    findings: found,
    unchecked: unchecked(settings),
    calendar: entries(settings, [...overdue(settings, edit, today), ...upcoming(settings, today, days)], today),
    freezes: settings.freezes.filter((freeze) => freeze.to >= from && freeze.from < to),
    accounts: settings.accounts.map((account) => accountPlan(account, settings.freezes, today, days)),
  };
}

/** A plan that looked at nothing must not seem to be fine. */
function unseen(stack: string): FileFault {
  const expected = "a file of it that can be read; a name has letters, digits, dots, underscores and hyphens";
  return { file: `Pulumi.${stack}.yaml`, path: "", found: "nothing that was looked at", expected };
}

/** A stack that is gone declares no account any more. */
function nothingLeft(before: StackInput["before"]): Settings | undefined {
  return before === undefined || before === "none" ? undefined : { ...before, accounts: [] };
}

function accountPlan(account: AccountDeclaration, freezes: readonly Freeze[], today: Day, days: number): AccountPlan {
  const current = currentOf(generations(account, freezes, today))?.name;
  const next = nextRotation(account, freezes, today)?.date;
  const { from, to } = window(today, days);
  return {
    account: account.name,
    username: userText(account.account),
    owner: ownerText(account.account),
    token: account.token.name,
    scopes: account.token.scopes,
    ...(account.token.permissions === undefined ? {} : { permissions: permissionTexts(account.token.permissions) }),
    consumers: consumerTexts(account),
    proofs: account.proof.map(proofText),
    ...(current === undefined ? {} : { current }),
    ...(next === undefined ? {} : { next }),
    timeline: timeline(account, freezes, from, to),
  };
}

/** What the dates ask for, seen from a day. */
export function entries(settings: Settings, events: readonly Event[], today: Day): readonly Entry[] {
  const accounts = new Map(settings.accounts.map((account) => [account.name, account]));
  return events.map((event) => {
    const account = accounts.get(event.account);
    const inDays = daysBetween(today, event.date);
    const notice = account?.issue?.noticeDays ?? 30;
    const due = inDays < 0 ? "overdue" : inDays === 0 ? "today" : inDays <= notice ? "soon" : "later";
    const minted = event.event === "mint" || event.event === "switch";
    return {
      ...event,
      due,
      inDays,
      atRisk: event.event === "expire" && inUse(account, settings.freezes, event),
      consumers: account === undefined ? [] : consumerTexts(account),
      proofs: account === undefined || !minted ? [] : account.proof.map(proofText),
    };
  });
}

/** What an edit asks for on a day that has passed; and hand-made tokens that died before their successor's date. */
function overdue(settings: Settings, edit: Effects | undefined, today: Day): readonly Event[] {
  const asked = [
    ...(edit?.minted ?? []).map((one) => ({ ...one, event: "mint" as const })),
    ...(edit?.retired ?? []).map((one) => ({ ...one, event: "retire" as const })),
  ];
  const found = settings.accounts.flatMap((account) => {
    const all = generations(account, settings.freezes, today);
    return all.flatMap(({ name: generation, lifecycle, expiresAt, explanation }) => [
      ...asked
        .filter((one) => one.account === account.name && one.generation === generation && one.since < today)
        .map(({ since: date, event }) => ({ date, account: account.name, event, generation, explanation })),
      ...(lifecycle === "current" && expiresAt < today
        ? [{ date: expiresAt, account: account.name, event: "expire" as const, generation, explanation }]
        : []),
    ]);
  });
  return found.sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
}

/** Whether a token dies before anything took its place: on the very day of its successor, it is dead before a run comes. */
function inUse(
  account: AccountDeclaration | undefined,
  freezes: readonly Freeze[],
  { date, generation }: Event,
): boolean {
  return account !== undefined && currentOf(generations(account, freezes, addDays(date, -1)))?.name === generation;
}
