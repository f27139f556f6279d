import { type Day, show } from "../../ground/day";
import type { Gap } from "../calendar/gaps";
import type { Rewrite } from "../calendar/history";
import { nextRotation, upcoming } from "../calendar/upcoming";
import type { Settings } from "../declaration/declaration";
import type { FileFault } from "../declaration/faults";
import type { Change } from "./changes";
import type { Effects } from "./effects";
import { type Finding, violations } from "./policies";

/** What a summary is made of. */
export interface Summarised {
  readonly settings: Settings;
  /** Absent when nothing was compared. */
  readonly changes: readonly Change[] | undefined;
  readonly effects: Effects | undefined;
  readonly rewrites: readonly Rewrite[];
  readonly gaps: readonly Gap[];
  readonly findings: readonly Finding[];
  readonly today: Day;
}

/** What merging does, and what comes next: `Merging rotates nothing today. Next: inventory, Mon 14 Dec.` */
export function summary({ settings, changes, effects, rewrites, gaps, findings, today }: Summarised): string {
  const stopped = [...new Set(rewrites.map(({ account }) => account))];
  const due = todays(settings, effects, today);
  const broken = violations(findings);
  const stop =
    stopped.length === 0
      ? []
      : [`Merging would stop ${named(stopped)}: it takes tokens that live out of the calendar.`];
  const nothing = due.length > 0 ? "Merging adds no rotation." : "Merging rotates nothing today.";
  const otherwise = stop.length > 0 ? [] : [nothing];
  const tells = [
    ...lifeless(gaps, today),
    ...stop,
    ...merging(
      changes,
      effects === undefined ? undefined : without(ending(effects, settings), stopped),
      otherwise,
      settings,
      today,
    ),
    ...due,
    ...next(settings, today),
    ...(broken.length === 0 ? [] : [brokenText(broken)]),
  ];
  return tells.join(" ");
}

/** Which policies, and by whom: `A policy is violated: scope-reason (inventory).` */
function brokenText(broken: readonly Finding[]): string {
  const which = named([...new Set(broken.map(({ policy, account }) => `${policy} (${account})`))]);
  return broken.length === 1
    ? `A policy is violated: ${which}.`
    : `Policies are violated ${broken.length} times: ${which}.`;
}

/** Settings that cannot be used; `usable` accounts go on all the same. */
export function brokenSummary(faults: readonly FileFault[], usable: number): string {
  const count = faults.length === 1 ? "a fault" : `${faults.length} faults`;
  if (usable === 0) return `The settings cannot be used: ${count}. Until then no run does anything.`;
  const others = usable === 1 ? "the other one goes" : `the ${usable} others go`;
  return `The settings cannot be used: ${count}. Until then a run fails the accounts at fault; ${others} on.`;
}

/** An account that comes to its end has no older token, and no newer one: all of them go. */
function ending(effects: Effects, settings: Settings): Effects {
  const ended = settings.accounts.filter(({ decommission }) => decommission !== undefined).map(({ name }) => name);
  const isEnded = ({ account }: { readonly account: string }) => ended.includes(account);
  const revoked = new Set(effects.retired.filter(isEnded).map(({ account }) => account));
  return {
    ...effects,
    retired: effects.retired.filter((one) => !isEnded(one)),
    revoked: [...effects.revoked, ...revoked],
  };
}

/** What nobody may overlook. */
function lifeless(gaps: readonly Gap[], today: Day): readonly string[] {
  return [...new Set(gaps.map(({ account }) => account))].slice(0, 3).flatMap((account, index, told) => {
    const first = gaps.find((gap) => gap.account === account);
    if (first === undefined) return [];
    const left = new Set(gaps.map((gap) => gap.account)).size - told.length;
    const more = index === told.length - 1 && left > 0 ? ` So have ${left} more.` : "";
    const from = first.from <= today ? "now" : brief(first.from, today);
    const until =
      first.until === undefined
        ? ""
        : first.until === first.from
          ? " until that day's run"
          : ` until ${brief(first.until, today)}`;
    return [`NO LIVING TOKEN of ${account} from ${from}${until}.${more}`];
  });
}

/** What the accounts that go on do: one that is stopped does nothing. */
function without(effects: Effects, stopped: readonly string[]): Effects {
  const goesOn = (one: string | { readonly account: string }) =>
    !stopped.includes(typeof one === "string" ? one : one.account);
  return {
    minted: effects.minted.filter(goesOn),
    switched: effects.switched.filter(goesOn),
    retired: effects.retired.filter(goesOn),
    adopted: effects.adopted.filter(goesOn),
    placed: effects.placed.filter(goesOn),
    revoked: effects.revoked.filter(goesOn),
    released: effects.released,
  };
}

function merging(
  changes: readonly Change[] | undefined,
  effects: Effects | undefined,
  otherwise: readonly string[],
  { accounts }: Settings,
  today: Day,
): readonly string[] {
  if (changes === undefined || effects === undefined) return [];
  if (changes.length === 0) return ["The declaration does not change."];
  const { minted, switched, retired, adopted, placed, revoked, released } = effects;
  // One that leaked may well be the one in use.
  const isLeaked = ({ account, generation }: Effects["retired"][number]) =>
    accounts.some(
      ({ name, compromised }) => name === account && compromised.some((one) => one.generation === generation),
    );
  const namesOf = (some: Effects["retired"]) => named([...new Set(some.map(({ account }) => account))]);
  const [leaked, older] = [retired.filter(isLeaked), retired.filter((one) => !isLeaked(one))];
  const since = (day: Day) => (day < today ? ` (due since ${brief(day, today)})` : "");
  const acts = [
    ...(minted.length === 0
      ? []
      : [`mints a new token of ${named(minted.map((one) => `${one.account}${since(one.since)}`))}`]),
    ...(switched.length === 0 ? [] : [`sends ${named(switched)} to another token that it has`]),
    ...(adopted.length === 0 ? [] : [`takes over the hand-made token of ${named(adopted)}`]),
    ...(placed.length === 0 ? [] : [`puts the token of ${named(placed)} in further places`]),
    ...(leaked.length === 0 ? [] : [`revokes at once the token of ${namesOf(leaked)} that leaked`]),
    ...(older.length === 0 ? [] : [`retires the older token of ${namesOf(older)}`]),
    ...(revoked.length === 0 ? [] : [`revokes the tokens of ${named(revoked)}`]),
    ...(released.length === 0 ? [] : [`leaves the tokens of ${named(released)} alive and forgets them`]),
  ];
  if (acts.length === 0) return otherwise;
  const rotates = minted.length + switched.length + retired.length + revoked.length > 0;
  return [`Merging ${rotates ? "" : "rotates nothing today; it "}${list(acts)}.`];
}

/** What this day asks for anyway. */
function todays(settings: Settings, effects: Effects | undefined, today: Day): readonly string[] {
  const told = new Set(effects?.minted.map(({ account }) => account) ?? []);
  const due = upcoming(settings, today, 1);
  const opening = due.filter(({ event, account }) => event !== "retire" && event !== "expire" && !told.has(account));
  const retiring = due.filter(({ event }) => event === "retire");
  const dying = due.filter(({ event }) => event === "expire");
  const tells = [
    ...(opening.length === 0 ? [] : [`Due today: ${named(opening.map(({ account }) => account))}.`]),
    ...(retiring.length === 0
      ? []
      : [`Today the older token of ${named(retiring.map(({ account }) => account))} is to be retired.`]),
    ...(dying.length === 0 ? [] : [`Today a token of ${named(dying.map(({ account }) => account))} expires.`]),
  ];
  return tells.length === 0 && effects === undefined ? ["Nothing rotates today."] : tells;
}

function next(settings: Settings, today: Day): readonly string[] {
  if (settings.accounts.length === 0) return ["No account is declared any more."];
  const dates = settings.accounts.flatMap((account) => nextRotation(account, settings.freezes, today) ?? []);
  const first = dates.map(({ date }) => date).sort()[0];
  if (first === undefined) return ["No account rotates any more."];
  const names = dates.filter(({ date }) => date === first).map(({ account }) => account);
  return [`Next: ${named(names)}, ${brief(first, today)}.`];
}

/** A day without its year, when that is the year in question. */
function brief(day: Day, today: Day): string {
  const text = show(day);
  return day.slice(0, 4) === today.slice(0, 4) ? text.slice(0, -5) : text;
}

/** Names, not more than can be read. */
function named(names: readonly string[]): string {
  return names.length <= 4 ? list(names) : `${names.slice(0, 3).join(", ")} and ${names.length - 3} others`;
}

function list(texts: readonly string[]): string {
  return texts.length < 2 ? texts.join("") : `${texts.slice(0, -1).join(", ")} and ${texts.at(-1)}`;
}
