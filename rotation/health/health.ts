import type { Day } from "../../ground/day";
import { adopted, type Generation, generations } from "../calendar/generations";
import type { AccountDeclaration, Freeze } from "../declaration/declaration";
import { rotatesItself } from "../declaration/self";
import { legacyAlarms } from "../permissions/legacy";
import {
  concerns,
  differences,
  ending,
  isOf,
  lateAlarms,
  type Marking,
  placeAlarms,
  undeclared,
  useAlarms,
} from "./alarms";
import { type LastRun, lastRunAlarms } from "./lastRun";
import type { Alarm, HeldPlace, ListedToken, TokenHealth } from "./seen";

/** What is known beside the list. */
export interface Known {
  /** Ids of the tokens of generations, as the state has them; where there are none the marks must tell. */
  readonly tokenIds?: ReadonlyMap<string, number>;
  /** Generations of which a token was made that is dead. */
  readonly dead?: ReadonlySet<string>;
  /** What places hold, where they were read. */
  readonly places?: readonly HeldPlace[];
  /** What declared memberships of the account differ in from what GitLab has. @default nothing */
  readonly memberships?: readonly Alarm[];
  /** Generations whose days have come and which wait their turn. */
  readonly waiting?: readonly string[] | undefined;
  /** The generations that runs have opened, as the state has them. */
  readonly opened?: readonly { readonly name: string; readonly expiresAt: Day }[];
  /** How the last run ended for the account, as the state has it. */
  readonly left?: LastRun | undefined;
}

/** How an account's tokens fare. */
export interface AccountHealth {
  /** Name of the account. */
  readonly account: string;
  /** The declared ones that should live, or do; oldest first. */
  readonly tokens: readonly TokenHealth[];
  /** The gravest first. */
  readonly alarms: readonly Alarm[];
  /** What the places hold, where they were read. */
  readonly places: readonly HeldPlace[];
  /**
   * A generation that has opened and is newer than all that the declaration has: that is older than the last run, and what
   * its dates say of the tokens is not told. Absent when there is none.
   */
  readonly behind?: string;
}

const levels = ["risk", "due", "note"] as const;

/** How an account's tokens fare on a day, given those of them that live. */
export function accountHealth(
  account: AccountDeclaration,
  stack: Marking & { readonly freezes: readonly Freeze[]; readonly legacyTokensEnd?: Day },
  live: readonly ListedToken[],
  today: Day,
  known: Known = {},
): AccountHealth {
  const { freezes } = stack;
  const all = account.decommission === undefined ? generations(account, freezes, today, known.waiting) : [];
  const ours = new Map(all.map((one) => [one.name, tokenOf(one.name, account, stack, live, known)]));
  const tokens = all
    .map((one) => tokenHealth(account, one, ours.get(one.name), known))
    .filter(({ lifecycle, state }) => lifecycle !== "retired" || state === "alive");
  const places = known.places ?? [];
  const behind = newerThan(all, account, stack, live, today, known);
  if (behind !== undefined) {
    // By such a declaration the token in use is nobody's, and an old one that is dead is in use: only the places are sure.
    const alive = tokens.filter(({ state }) => state === "alive");
    return {
      account: account.name,
      tokens: alive,
      alarms: ordered([...lastRunAlarms(account, known.left), ...placeAlarms(account, [], places, live, today)]),
      places,
      behind,
    };
  }
  const declared = new Set([...ours.values()].map((token) => token?.id));
  const alarms = [
    ...useAlarms(account, freezes, all, tokens, today),
    ...lastRunAlarms(account, known.left),
    ...(known.memberships ?? []),
    ...tokens.flatMap((one) => differences(account, one, ours.get(one.generation))),
    ...lateAlarms(account, all, tokens, today),
    ...legacyAlarms(account, stack.legacyTokensEnd, today),
    // At the end of an account the places are left as they are.
    ...(account.decommission === undefined ? placeAlarms(account, tokens, places, live, today, known.left) : []),
    ...live
      .filter(({ id }) => !declared.has(id))
      .filter((token) => concerns(account, stack, token))
      .map((token) => ending(account, stack, token) ?? undeclared(account, stack, token, places)),
  ];
  return {
    account: account.name,
    tokens,
    alarms: ordered(alarms),
    places,
  };
}

function ordered(alarms: readonly Alarm[]): readonly Alarm[] {
  return levels.flatMap((level) => alarms.filter((alarm) => alarm.level === level));
}

/** The newest generation that is known to have opened, where it is newer than all that the declaration has. */
function newerThan(
  all: readonly Generation[],
  account: AccountDeclaration,
  stack: Marking,
  live: readonly ListedToken[],
  today: Day,
  { opened = [], waiting = [] }: Known,
): string | undefined {
  if (account.decommission !== undefined) return undefined;
  const inState = opened.flatMap(({ name, expiresAt }) => (today < expiresAt ? [name] : []));
  const inMarks = live.flatMap(({ mark }) =>
    mark !== undefined && isOf(mark, account, stack) ? [mark.generation] : [],
  );
  // Of those that are in order of their dates, "adopted" is the first.
  const isDated = (name: string) => name !== adopted;
  const newest = [...inState, ...inMarks].filter(isDated).sort().at(-1) ?? "";
  const known = [...all.map(({ name }) => name).filter(isDated), ...waiting].sort().at(-1) ?? "";
  return newest > known ? newest : undefined;
}

/** The gravest level of all; nothing when there is no alarm. */
export function gravest(alarms: readonly Alarm[]): Alarm["level"] | undefined {
  return levels.find((level) => alarms.some((alarm) => alarm.level === level));
}

function tokenOf(
  generation: string,
  account: AccountDeclaration,
  stack: Marking,
  live: readonly ListedToken[],
  { tokenIds }: Known,
): ListedToken | undefined {
  const id = generation === adopted ? account.adopt?.tokenId : tokenIds?.get(generation);
  if (id !== undefined) return live.find((token) => token.id === id);
  // One that rotates itself keeps the description of the first: it is known by being the only one.
  if (rotatesItself(account.account)) return [...live].sort((a, b) => b.id - a.id)[0];
  const marked = live.filter(({ mark }) => isOf(mark, account, stack) && mark?.generation === generation);
  // Of several, those before the newest are what lost answers left behind.
  return marked.sort((a, b) => b.id - a.id)[0];
}

function tokenHealth(
  { adopt }: AccountDeclaration,
  one: Generation,
  token: ListedToken | undefined,
  known: Known,
): TokenHealth {
  const { name: generation, lifecycle } = one;
  if (token !== undefined) {
    const { id: tokenId, expiresAt, lastUsedAt } = token;
    return {
      generation,
      lifecycle,
      tokenId,
      state: "alive",
      ...(expiresAt === undefined ? {} : { expiresAt }),
      ...(lastUsedAt === undefined ? {} : { lastUsedAt }),
    };
  }
  const tokenId = generation === adopted ? adopt?.tokenId : known.tokenIds?.get(generation);
  const isKnown = tokenId !== undefined || known.dead?.has(generation) === true;
  return {
    generation,
    lifecycle,
    ...(tokenId === undefined ? {} : { tokenId }),
    state: isKnown ? "dead" : "missing",
    expiresAt: one.expiresAt,
  };
}
