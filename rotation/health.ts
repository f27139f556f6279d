import { type Day, daysBetween, show } from "./day";
import type { AccountDeclaration, Freeze } from "./declaration";
import { type Generation, generations, nextOpening } from "./generations";
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

/** A token in use that dies within so many days is a risk. */
const RISK_DAYS = 3;

/** A retired token that lives on for longer than this after its day is late. */
const GRACE_DAYS = 3;

const levels = ["risk", "due", "note"] as const;

/** How an account's tokens fare on a day, given those of them that live. */
export function accountHealth(
  account: AccountDeclaration,
  { fleet, freezes }: { readonly fleet: string; readonly freezes: readonly Freeze[] },
  live: readonly ListedToken[],
  today: Day,
  known: Known = {},
): AccountHealth {
  const all = account.decommission === undefined ? generations(account, freezes, today, known.waiting) : [];
  const ours = new Map(all.map((one) => [one.name, tokenOf(one.name, account, fleet, live, known)]));
  const tokens = all
    .map((one) => tokenHealth(account, one, ours.get(one.name), known))
    .filter(({ lifecycle, state }) => lifecycle !== "retired" || state === "alive");
  const declared = new Set([...ours.values()].map((token) => token?.id));
  const alarms = [
    ...useAlarms(account, freezes, all, tokens, today),
    ...tokens.flatMap((one) => differences(account, one, ours.get(one.generation))),
    ...lateAlarms(account, all, tokens, today),
    ...placeAlarms(account, tokens, known.places ?? [], live, today),
    ...live.filter(({ id }) => !declared.has(id)).map((token) => undeclared(account, fleet, token)),
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
  fleet: string,
  live: readonly ListedToken[],
  { tokenIds }: Known,
): ListedToken | undefined {
  const id = generation === "adopted" ? account.adopt?.tokenId : tokenIds?.get(generation);
  if (id !== undefined) return live.find((token) => token.id === id);
  // One that rotates itself keeps the description of the first: it is known by being the only one.
  if (rotatesItself(account.account)) return [...live].sort((a, b) => b.id - a.id)[0];
  const marked = live.filter(({ mark }) => isOf(mark, account, fleet) && mark?.generation === generation);
  // Of several, those before the newest are what lost answers left behind.
  return marked.sort((a, b) => b.id - a.id)[0];
}

function isOf(mark: ListedToken["mark"], { name, formerly }: AccountDeclaration, fleet: string): boolean {
  return mark?.fleet === fleet && (mark.account === name || (formerly !== undefined && mark.account === formerly));
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

/** Whether the consumers have a token, and will have one. */
function useAlarms(
  account: AccountDeclaration,
  freezes: readonly Freeze[],
  all: readonly Generation[],
  tokens: readonly TokenHealth[],
  today: Day,
): Alarm[] {
  const current = all.find(({ lifecycle }) => lifecycle === "current");
  const found = tokens.find(({ lifecycle }) => lifecycle === "current");
  if (current === undefined || found === undefined) return [];
  const alarm = (level: Alarm["level"], message: string): Alarm => ({ level, account: account.name, message });
  const title = `generation ${current.name}${found.tokenId === undefined ? "" : ` (token ${found.tokenId})`}`;
  if (found.state === "dead")
    return [alarm("risk", `the token in use is dead: ${title}. The next "npm run up" mints another one.`)];
  const inUse = found.state === "alive" ? found : tokens.filter(({ state }) => state === "alive").at(-1);
  const late =
    found.state === "missing" && current.date !== undefined && current.date < today
      ? [alarm("due", `overdue since ${show(current.date)}: ${title} is not minted. Has "npm run up" run since?`)]
      : [];
  if (inUse === undefined)
    return [alarm("risk", `no declared token lives; ${title} is due since ${show(current.date ?? today)}.`), ...late];
  return [...late, ...dying(account, freezes, inUse, today).map(({ level, message }) => alarm(level, message))];
}

/** What speaks against the token in use for the days to come. */
function dying(
  account: AccountDeclaration,
  freezes: readonly Freeze[],
  { generation, tokenId, expiresAt }: TokenHealth,
  today: Day,
): Pick<Alarm, "level" | "message">[] {
  if (expiresAt === undefined) return [];
  const left = daysBetween(today, expiresAt);
  const dies = `the token in use, generation ${generation} (token ${tokenId}), dies on ${show(expiresAt)}`;
  const next = nextOpening(account, freezes, today).date;
  const told = next < expiresAt ? `the next rotation is on ${show(next)}` : "no rotation comes before that";
  if (left <= RISK_DAYS) return [{ level: "risk", message: `${dies}; ${told}.` }];
  const notice = account.issue?.noticeDays ?? 30;
  return left <= notice && next >= expiresAt ? [{ level: "due", message: `${dies}, and ${told}.` }] : [];
}

/** A token's name, scopes and expiry are fixed when it is minted: an edit of the declaration is no fault of the token. */
function differences(
  account: AccountDeclaration,
  { generation, expiresAt }: TokenHealth,
  token: ListedToken | undefined,
): Alarm[] {
  if (token === undefined || generation === "adopted") return [];
  const scopes = (list: readonly string[]) => [...list].sort().join(", ");
  const differs = [
    ...(token.name === account.token.name ? [] : [`is called "${token.name}", not "${account.token.name}"`]),
    ...(scopes(token.scopes) === scopes(account.token.scopes)
      ? []
      : [`has the scopes ${scopes(token.scopes)}, not ${scopes(account.token.scopes)}`]),
    ...(expiresAt === undefined ? ["never expires"] : []),
  ];
  if (differs.length === 0) return [];
  const message = `generation ${generation} (token ${token.id}) ${differs.join("; it ")}. What is declared now holds for the next token.`;
  return [{ level: "note", account: account.name, message }];
}

/** Tokens that should be revoked by now, or die on another day than was declared. */
function lateAlarms(
  { name: account }: AccountDeclaration,
  all: readonly Generation[],
  tokens: readonly TokenHealth[],
  today: Day,
): Alarm[] {
  return tokens.flatMap(({ generation, lifecycle, state, tokenId, expiresAt }): Alarm[] => {
    const one = all.find(({ name }) => name === generation);
    if (one === undefined || state !== "alive") return [];
    const title = `generation ${generation} (token ${tokenId})`;
    const expiry =
      expiresAt === undefined || expiresAt === one.expiresAt
        ? []
        : [`${title} dies on ${show(expiresAt)}, and ${show(one.expiresAt)} is declared.`];
    const days = lifecycle === "retired" ? daysBetween(one.retireOn, today) : 0;
    const isLate = days > GRACE_DAYS;
    const late = `${title} was to be revoked from ${show(one.retireOn)} on, and lives: the output "rotations" tells what holds it.`;
    return [
      ...expiry.map((message) => ({ level: "note" as const, account, message })),
      ...(isLate ? [{ level: "due" as const, account, message: late }] : []),
    ];
  });
}

/** Places with a token that is dead, dying, or not the one in use. */
function placeAlarms(
  { name: account }: AccountDeclaration,
  tokens: readonly TokenHealth[],
  places: readonly HeldPlace[],
  live: readonly ListedToken[],
  today: Day,
): Alarm[] {
  const current = tokens.find(({ lifecycle, state }) => lifecycle === "current" && state === "alive");
  return places.flatMap(({ place, tokenId, unknown }): Alarm[] => {
    const alarm = (level: Alarm["level"], message: string): Alarm[] => [
      { level, account, message: `${place} ${message}` },
    ];
    if (unknown === "dead") return alarm("risk", "holds a value that GitLab does not accept: a dead token.");
    // Before the first one is minted there may be nothing yet.
    if (unknown === "empty") return current === undefined ? [] : alarm("risk", "holds nothing.");
    if (unknown === "hidden") return alarm("note", "does not show its value (hidden): what it holds was not checked.");
    if (unknown !== undefined) return alarm("note", `was not checked: ${unknown.because}.`);
    if (tokenId === current?.tokenId) return [];
    const expiresAt = live.find(({ id }) => id === tokenId)?.expiresAt;
    if (expiresAt !== undefined && daysBetween(today, expiresAt) <= RISK_DAYS)
      return alarm("risk", `holds token ${tokenId}, which dies on ${show(expiresAt)}.`);
    // Before the current one is minted, every place holds an older one.
    if (current === undefined) return [];
    return alarm(
      "due",
      `is stale: it holds token ${tokenId}, not ${current.tokenId} (generation ${current.generation}).`,
    );
  });
}

/** A token of the account that nobody declared. */
export function undeclared(
  account: AccountDeclaration,
  fleet: string,
  { id, name, mark, ...token }: ListedToken,
): Alarm {
  const used = token.lastUsedAt === undefined ? "never used" : `last used ${show(token.lastUsedAt.slice(0, 10))}`;
  const dies = token.expiresAt === undefined ? "never expires" : `expires ${show(token.expiresAt)}`;
  const facts = `"${name}" (scopes ${token.scopes.join(", ")}; ${dies}; ${used})`;
  const whose =
    mark === undefined
      ? "bears no mark: somebody made it by hand"
      : isOf(mark, account, fleet)
        ? `bears the mark of generation ${mark.generation}, and is not its token: a lost answer, or another stack of this fleet`
        : `bears the mark of fleet "${mark.fleet}", account "${mark.account}"`;
  return { level: "note", account: account.name, message: `token ${id} ${facts} is not declared; it ${whose}.` };
}
