import { type Day, daysBetween, show } from "../../ground/day";
import { type Generation, nextOpening } from "../calendar/generations";
import { isAccessToken } from "../declaration/accessToken";
import type { AccountDeclaration, Freeze } from "../declaration/declaration";
import { allowed } from "../permissions/permissions";
import type { LastRun } from "./lastRun";
import type { Alarm, HeldPlace, ListedToken, TokenHealth } from "./seen";

/** A retired token that lives on for longer than this after its day is late. */
const GRACE_DAYS = 3;

/** A token in use that dies within so many days is a risk. */
const RISK_DAYS = 3;

/** Whether the consumers have a token, and will have one. */
export function useAlarms(
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
  if (found.state === "dead") {
    const next = current.date ?? nextOpening(account, freezes, today).date;
    const remedy =
      current.date !== undefined
        ? 'The next "npm run up" mints another one.'
        : `It was made by hand, and the next is minted on ${show(next)}: for one today, add the day to rotation.extraDates.`;
    return [alarm("risk", `the token in use is dead: ${title}. ${remedy}`)];
  }
  const inUse = found.state === "alive" ? found : tokens.filter(({ state }) => state === "alive").at(-1);
  const isLate = found.state === "missing" && current.date !== undefined && current.date < today;
  const since = show(current.date ?? today);
  const asked = isLate ? ' Has "npm run up" run since?' : "";
  if (inUse === undefined) {
    const due = isLate ? `due since ${since}` : "due today";
    return [alarm("risk", `no declared token lives: ${title}, ${due}, is not minted.${asked}`)];
  }
  const late = isLate ? [alarm("due", `overdue since ${since}: ${title} is not minted.${asked}`)] : [];
  const next = found.state === "missing" ? today : nextOpening(account, freezes, today).date;
  return [...late, ...dying(account, inUse, today, next).map(({ level, message }) => alarm(level, message))];
}

/** What speaks against the token in use for the days to come. */
function dying(
  account: AccountDeclaration,
  { generation, tokenId, expiresAt }: TokenHealth,
  today: Day,
  next: Day,
): Pick<Alarm, "level" | "message">[] {
  if (expiresAt === undefined) return [];
  const left = daysBetween(today, expiresAt);
  const dies = `the token in use, generation ${generation} (token ${tokenId}), dies on ${show(expiresAt)}`;
  const told =
    next === today
      ? "the next rotation is due"
      : next < expiresAt
        ? `the next rotation is on ${show(next)}`
        : "no rotation comes before that";
  if (left <= RISK_DAYS) return [{ level: "risk", message: `${dies}; ${told}.` }];
  const notice = account.issue?.noticeDays ?? 30;
  return left <= notice && next >= expiresAt ? [{ level: "due", message: `${dies}, and ${told}.` }] : [];
}

/** A token's name, scopes and expiry are fixed when it is minted: an edit of the declaration is no fault of the token. */
export function differences(
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
    ...(token.permissions === undefined || account.token.permissions === undefined
      ? []
      : permissionDifference(token.permissions, account.token.permissions.flatMap(allowed))),
    ...(token.role === undefined ||
    account.account.accessToken === undefined ||
    token.role === account.account.accessToken
      ? []
      : [`has the role ${token.role}, not ${account.account.accessToken}`]),
    ...(expiresAt === undefined ? ["never expires"] : []),
  ];
  if (differs.length === 0) return [];
  const message = `generation ${generation} (token ${token.id}) ${differs.join("; it ")}. What is declared now holds for the next token.`;
  return [{ level: "note", account: account.name, message }];
}

/** The names alone: where they hold is compared when a token is tested. */
function permissionDifference(found: readonly string[], declared: readonly string[]): string[] {
  const names = (list: readonly string[]) => [...new Set(list)].sort().join(", ");
  return names(found) === names(declared) ? [] : [`may do ${names(found)}, not ${names(declared)}`];
}

/** Tokens that should be revoked by now, or die on another day than was declared. */
export function lateAlarms(
  { name: account }: AccountDeclaration,
  all: readonly Generation[],
  tokens: readonly TokenHealth[],
  today: Day,
): Alarm[] {
  // An old token is kept until another works: what is late then is that one.
  const hasSuccessor = currentOf(tokens) !== undefined;
  return tokens.flatMap(({ generation, lifecycle, state, tokenId, expiresAt }): Alarm[] => {
    const one = all.find(({ name }) => name === generation);
    if (one === undefined || state !== "alive") return [];
    const title = `generation ${generation} (token ${tokenId})`;
    const expiry =
      expiresAt === undefined || expiresAt === one.expiresAt
        ? []
        : [`${title} dies on ${show(expiresAt)}, and ${show(one.expiresAt)} is declared.`];
    const days = lifecycle === "retired" && hasSuccessor ? daysBetween(one.retireOn, today) : 0;
    const isLate = days > GRACE_DAYS;
    const late = `${title} was to be revoked from ${show(one.retireOn)} on, and lives: the output "rotations" tells what holds it.`;
    return [
      ...expiry.map((message) => ({ level: "note" as const, account, message })),
      ...(isLate ? [{ level: "due" as const, account, message: late }] : []),
    ];
  });
}

/** The token in use, if it lives. */
function currentOf(tokens: readonly TokenHealth[]): TokenHealth | undefined {
  return tokens.find(({ lifecycle, state }) => lifecycle === "current" && state === "alive");
}

/** Places with a token that is dead, dying, or not the one in use. */
export function placeAlarms(
  { name: account }: AccountDeclaration,
  tokens: readonly TokenHealth[],
  places: readonly HeldPlace[],
  live: readonly ListedToken[],
  today: Day,
  left?: LastRun,
): Alarm[] {
  const current = currentOf(tokens);
  const shown = places.flatMap((one): Alarm[] =>
    one.shown === undefined ? [] : [{ level: "due", account, message: `${one.shown}.` }],
  );
  const held = places.flatMap(({ place, tokenId, isPadded, unknown }): Alarm[] => {
    const alarm = (level: Alarm["level"], message: string): Alarm[] => [
      { level, account, message: `${place} ${message}` },
    ];
    if (unknown === "dead") return alarm("risk", "holds a value that GitLab does not accept: a dead token.");
    if (unknown === "malformed")
      return alarm(
        "risk",
        "holds what no token can be: blanks, line breaks or other characters are in it. Store the token alone there.",
      );
    // Before the first one is minted there may be nothing yet.
    if (unknown === "empty") return current === undefined ? [] : alarm("risk", "holds nothing.");
    if (unknown === "hidden") return alarm("note", "does not show its value (hidden): what it holds was not checked.");
    if (unknown !== undefined && "madeOn" in unknown)
      return alarm("note", `is made with the first rotation, on ${show(unknown.madeOn)}.`);
    if (unknown !== undefined) return alarm("note", `was not checked: ${unknown.because}.`);
    const padded = isPadded
      ? alarm(
          "due",
          `holds token ${tokenId} with blanks or line breaks around it: who sends the value as it is may be refused. Store the token alone there.`,
        )
      : [];
    if (tokenId === current?.tokenId) return padded;
    const expiresAt = live.find(({ id }) => id === tokenId)?.expiresAt;
    if (expiresAt !== undefined && daysBetween(today, expiresAt) <= RISK_DAYS)
      return [...alarm("risk", `holds token ${tokenId}, which dies on ${show(expiresAt)}.`), ...padded];
    // Before the current one is minted, every place holds an older one.
    if (current === undefined) return padded;
    if (left?.proof?.putBack === true && left.proof.tokenId === current.tokenId)
      return [
        ...alarm(
          "note",
          `holds token ${tokenId} again, and not ${current.tokenId}: what became of the proof says why.`,
        ),
        ...padded,
      ];
    const stale = `is stale: it holds token ${tokenId}, not ${current.tokenId} (generation ${current.generation}).`;
    return [...alarm("due", stale).map((one) => ({ ...one, stalePlace: place })), ...padded];
  });
  return [...held, ...shown];
}

/** A token of an account that comes to its end; nothing where it does not, or where the token is another's. */
export function ending(account: AccountDeclaration, stack: Marking, { id, mark }: ListedToken): Alarm | undefined {
  const isAdopted = account.adopt?.tokenId === id;
  if (account.decommission === undefined || !(isAdopted || isOf(mark, account, stack))) return undefined;
  const title = `token ${id} (generation ${isAdopted ? "adopted" : mark?.generation})`;
  const message = `${title} lives, and the account ends: the next "npm run up" revokes it.`;
  return { level: "note", account: account.name, message };
}

/** Whether a listed token can be an account's: of a group's or project's own access tokens those alone that bear its mark. */
export function concerns(account: AccountDeclaration, stack: Marking, { id, mark }: ListedToken): boolean {
  return !isAccessToken(account.account) || account.adopt?.tokenId === id || isOf(mark, account, stack);
}

/** A token of the account that nobody declared. */
export function undeclared(
  account: AccountDeclaration,
  stack: Marking,
  { id, name, mark, ...token }: ListedToken,
  places: readonly HeldPlace[] = [],
): Alarm {
  const used = token.lastUsedAt === undefined ? "never used" : `last used ${show(token.lastUsedAt.slice(0, 10))}`;
  const dies = token.expiresAt === undefined ? "never expires" : `expires ${show(token.expiresAt)}`;
  const facts = `"${name}" (${rights(token)}; ${dies}; ${used})`;
  const isOurs = isOf(mark, account, stack);
  const holders = places.flatMap(({ place, tokenId }) => (tokenId === id ? [place] : []));
  const isHeld = holders.length > 0;
  const isStolen = isOurs && token.lastUsedAt !== undefined && !isHeld;
  const why = isStolen
    ? `no lost answer, since somebody has its value. If no other stack of this fleet rotates the account, a token was stolen and rotated: npm run emergency -- --token-id ${id}`
    : "a lost answer, or another stack of this fleet";
  const whose =
    mark === undefined
      ? "bears no mark: somebody made it by hand"
      : isOurs
        ? `bears the mark of generation ${mark.generation}, and is not its token: ${why}`
        : `bears the mark of fleet "${mark.fleet}", account "${mark.account}"`;
  const held = isHeld
    ? ` Do not revoke it before a run has set another: ${holders.join("; ")} ${holders.length === 1 ? "holds" : "hold"} it.`
    : "";
  const message = `token ${id} ${facts} is not declared; it ${whose}.${held}`;
  return { level: isStolen || (isHeld && isOurs) ? "due" : "note", account: account.name, message };
}

function rights({ permissions, scopes }: Pick<ListedToken, "permissions" | "scopes">): string {
  return permissions === undefined ? `scopes ${scopes.join(", ")}` : `fine-grained: ${permissions.join(", ")}`;
}

/** What tells whose a mark is. */
export interface Marking {
  /** See {@link Settings.fleet}. */
  readonly fleet: string;
  /** Everybody who is declared. @default nobody else is known */
  readonly accounts?: readonly Pick<AccountDeclaration, "name" | "formerly">[];
}

/**
 * Whether a mark is an account's own: of its name, of its former one, or of one that nobody has, as after a second renaming,
 * or when `formerly` was taken out.
 */
export function isOf(mark: ListedToken["mark"], account: AccountDeclaration, { fleet, accounts }: Marking): boolean {
  if (mark?.fleet !== fleet) return false;
  const isNameOf = ({ name, formerly }: Pick<AccountDeclaration, "name" | "formerly">) =>
    mark.account === name || mark.account === formerly;
  return isNameOf(account) || (accounts !== undefined && !accounts.some(isNameOf));
}
