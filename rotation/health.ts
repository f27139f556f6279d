import { differences, ending, isOf, lateAlarms, type Marking, placeAlarms, undeclared, useAlarms } from "./alarms";
import type { Day } from "./day";
import type { AccountDeclaration, Freeze } from "./declaration";
import { type Generation, generations } from "./generations";
import { rotatesItself } from "./self";

/** A token as GitLab lists it. */
export interface ListedToken {
  /** GitLab's id of it. */
  readonly id: number;
  /** Its name. */
  readonly name: string;
  /** Its scopes. */
  readonly scopes: readonly string[];
  /** The mark at the end of its description; absent when it has none. */
  readonly mark?: { readonly fleet: string; readonly account: string; readonly generation: string };
  /** The day it dies, at 00:00 UTC; absent when it never does. */
  readonly expiresAt?: Day;
  /** When it was last used, an instant; absent when it never was. */
  readonly lastUsedAt?: string;
}

/** What is known beside the list. */
export interface Known {
  /** Ids of the tokens of generations, as the state has them; where there are none the marks must tell. */
  readonly tokenIds?: ReadonlyMap<string, number>;
  /** Generations of which a token was made that is dead. */
  readonly dead?: ReadonlySet<string>;
  /** What places hold, where they were read. */
  readonly places?: readonly HeldPlace[];
  /** A generation whose day has come and which waits its turn. */
  readonly waiting?: string | undefined;
}

/** What a place holds. */
export interface HeldPlace {
  /** The place, as people say it. */
  readonly place: string;
  /** The id of the token that it holds; absent when that is not known. */
  readonly tokenId?: number;
  /** Without an id: it does not work; there is nothing; it is not shown; it could not be read, and why. */
  readonly unknown?: "dead" | "empty" | "hidden" | { readonly because: string };
}

/** One declared token. */
export interface TokenHealth {
  /** Name of the generation. */
  readonly generation: string;
  /** What the dates ask for. */
  readonly lifecycle: Generation["lifecycle"];
  /** GitLab's id of it, as far as it is known. */
  readonly tokenId?: number;
  /** Whether it lives; `missing` when no token of it was ever seen. */
  readonly state: "alive" | "dead" | "missing";
  /** The day it dies; as declared, where it does not live. */
  readonly expiresAt?: Day;
  /** When it was last used, an instant; absent when it never was, or does not live. */
  readonly lastUsedAt?: string;
}

/** Something that a person should know. `risk`: a consumer has a dead token, or will within days; `due`: late, or nothing will be done. */
export interface Alarm {
  /** How grave it is. */
  readonly level: "risk" | "due" | "note";
  /** Name of the account. */
  readonly account: string;
  /** What, in sentences. */
  readonly message: string;
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
}

const levels = ["risk", "due", "note"] as const;

/** How an account's tokens fare on a day, given those of them that live. */
export function accountHealth(
  account: AccountDeclaration,
  stack: Marking & { readonly freezes: readonly Freeze[] },
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
  const declared = new Set([...ours.values()].map((token) => token?.id));
  const alarms = [
    ...useAlarms(account, freezes, all, tokens, today),
    ...tokens.flatMap((one) => differences(account, one, ours.get(one.generation))),
    ...lateAlarms(account, all, tokens, today),
    // At the end of an account the places are left as they are.
    ...(account.decommission === undefined ? placeAlarms(account, tokens, known.places ?? [], live, today) : []),
    ...live
      .filter(({ id }) => !declared.has(id))
      .map((token) => ending(account, stack, token) ?? undeclared(account, stack, token)),
  ];
  return {
    account: account.name,
    tokens,
    alarms: levels.flatMap((level) => alarms.filter((alarm) => alarm.level === level)),
    places: known.places ?? [],
  };
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
  const id = generation === "adopted" ? account.adopt?.tokenId : tokenIds?.get(generation);
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
  const tokenId = generation === "adopted" ? adopt?.tokenId : known.tokenIds?.get(generation);
  const isKnown = tokenId !== undefined || known.dead?.has(generation) === true;
  return {
    generation,
    lifecycle,
    ...(tokenId === undefined ? {} : { tokenId }),
    state: isKnown ? "dead" : "missing",
    expiresAt: one.expiresAt,
  };
}
