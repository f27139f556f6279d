import { addDays, type Day, show } from "../../ground/day";
import { placesOf } from "../../places/declared";
import type { Opening } from "../calendar/calendar";
import { adopted, generations, holdEnds, nextOpening } from "../calendar/generations";
import { newlyDue } from "../calendar/newlyDue";
import { nextRotation } from "../calendar/upcoming";
import { isAccessToken, userText } from "../declaration/accessToken";
import { type AccountDeclaration, accessTokenRoles, type Retry, type Settings } from "../declaration/declaration";
import { foundText } from "../declaration/faults";
import { consumerTexts, externalText, ownerText, placeTexts, proofText } from "../declaration/places";
import { rotatesItself } from "../declaration/self";
import { permissionTexts, rightsText, widenings } from "../permissions/permissions";

/** What an edit of the declaration does to one account, or to the whole stack. */
export interface Change {
  /** Name of the account; absent for the stack's own settings. */
  readonly account?: string;
  readonly kind: "added" | "removed" | "renamed" | "changed";
  /** What changes and what that means, in sentences; one entry for each thing. */
  readonly details: readonly string[];
  /** What the account's tokens may do from then on that they might not before; absent when there is nothing. */
  readonly widenings?: readonly string[];
}

/** The account that an account was before an edit. */
export function predecessor(account: AccountDeclaration, before: Settings): AccountDeclaration | undefined {
  return (
    before.accounts.find(({ name }) => name === account.name) ??
    before.accounts.find(({ name }) => name === account.formerly)
  );
}

/** The accounts that an edit takes away. */
export function removedAccounts(before: Settings, after: Settings): readonly AccountDeclaration[] {
  const kept = new Set(after.accounts.map((account) => predecessor(account, before)));
  return before.accounts.filter((account) => !kept.has(account));
}

/** Everything that an edit changes, with what each change means from a day on. */
export function changes(before: Settings, after: Settings, today: Day): readonly Change[] {
  const stack = stackDetails(before, after);
  return [
    ...(stack.length === 0 ? [] : [{ kind: "changed" as const, details: stack }]),
    ...after.accounts.flatMap((account) => {
      const was = predecessor(account, before);
      return was === undefined ? [added(account, after, today)] : altered(was, account, before, after, today);
    }),
    ...removedAccounts(before, after).map((account) => removed(account, before, today)),
  ];
}

/** How runs go, as a block. */
function runs({ maxRotationsPerRun, legacyTokensEnd, health }: Settings): object {
  return {
    ...(maxRotationsPerRun === undefined ? {} : { maxRotationsPerRun }),
    ...(legacyTokensEnd === undefined ? {} : { legacyTokensEnd }),
    health,
  };
}

function stackDetails(before: Settings, after: Settings): readonly string[] {
  const freeze = ({ from, to, reason }: Settings["freezes"][number]) =>
    `${show(from)} to ${show(to)}${reason === undefined ? "" : ` (${reason})`}`;
  const exception = ({ account, policy, reason, until }: Settings["policies"]["exceptions"][number]) =>
    `${account} from ${policy} until ${show(until)} (${reason})`;
  const { exceptions, ...rules } = after.policies;
  const { exceptions: hadExceptions, ...hadRules } = before.policies;
  return [
    ...(before.fleet === after.fleet
      ? []
      : [
          `The fleet is "${after.fleet}" instead of "${before.fleet}": tokens that live bear the old mark, and would be taken for another fleet's. Take this back.`,
        ]),
    ...listed(before.freezes.map(freeze), after.freezes.map(freeze), {
      added: (text) => `New freeze ${text}: rotations that would fall into it come earlier.`,
      gone: (text) => `No freeze ${text} any more.`,
    }),
    ...fields(hadRules, rules).map((text) => `Policy ${text}.`),
    ...fields(runs(before), runs(after)).map((text) => `${text}.`),
    ...listed(hadExceptions.map(exception), exceptions.map(exception), {
      added: (text) => `New exception: ${text}.`,
      gone: (text) => `No exception any more: ${text}.`,
    }),
  ];
}

function added(account: AccountDeclaration, after: Settings, today: Day): Change {
  const { name, account: user, token, adopt } = account;
  const current = generations(account, after.freezes, today).find(({ lifecycle }) => lifecycle === "current");
  const places = consumerTexts(account);
  const [first, does] = rotatesItself(user) ? ["rotation", "does"] : ["token", "mints"];
  const begins =
    current?.date === undefined
      ? `Its first ${first} is ${does === "mints" ? "minted " : ""}on ${show(nextOpening(account, after.freezes, today).date)}.`
      : `Its first ${first} is due since ${show(current.date)}: the next run ${does} it.`;
  const details = [
    `${userText(user)}, of ${ownerText(user)}, with ${rightsText(token)}.`,
    ...(user.own === undefined ? [] : ["The account itself is made if there is none of that name."]),
    ...(adopt === undefined
      ? []
      : [`The token made by hand, id ${adopt.tokenId}, is taken over; it expires on ${show(adopt.expiresAt)}.`]),
    begins,
    places.length === 0 ? "Nothing holds its token." : `Its token goes to ${places.join("; ")}.`,
  ];
  return { account: name, kind: "added", details };
}

function removed(account: AccountDeclaration, before: Settings, today: Day): Change {
  return { account: account.name, kind: "removed", details: [removalText(account, before, today)] };
}

/** What becomes of the tokens of an account that goes. */
function removalText(account: AccountDeclaration, { freezes }: Settings, today: Day): string {
  const { decommission, onRemoval } = account;
  if (decommission !== undefined)
    return `It was decommissioned (${decommission.reason}): nothing is left to do once a run has revoked its tokens.`;
  const live = generations(account, freezes, today).filter(({ expiresAt }) => today < expiresAt);
  if (live.length === 0) return "None of its tokens lives.";
  const tokens = live.map(({ name }) => name).join(" and ");
  return {
    refuse: `Its tokens (${tokens}) live: runs will refuse to delete them.`,
    revoke: `Its tokens (${tokens}) are revoked by the next run.`,
    release: `Its tokens (${tokens}) stay alive and are forgotten.`,
  }[onRemoval];
}

function altered(
  was: AccountDeclaration,
  now: AccountDeclaration,
  before: Settings,
  after: Settings,
  today: Day,
): readonly Change[] {
  const renamed = was.name !== now.name;
  const details = [
    ...(renamed ? [`It was called ${was.name}; its tokens and their history stay with it.`] : []),
    ...userDetails(was, now),
    ...tokenDetails(was, now, after, today),
    ...dateDetails(was, now, before, after, today),
    ...placeDetails(was, now),
    ...fields(
      { onRemoval: was.onRemoval, issue: was.issue, own: was.account.own },
      { onRemoval: now.onRemoval, issue: now.issue, own: now.account.own },
    ).map((text) => `${text}.`),
  ];
  if (details.length === 0) return [];
  const wider = [...widenings(was.token, now.token), ...widerRole(was.account, now.account)];
  return [
    {
      account: now.name,
      kind: renamed ? "renamed" : "changed",
      details,
      ...(wider.length === 0 ? {} : { widenings: wider }),
    },
  ];
}

/** A role is no other user: an edit of it holds for the next token. */
function identity(user: AccountDeclaration["account"]): string {
  return isAccessToken(user) ? "the bot of an access token" : user.username;
}

function userDetails(was: AccountDeclaration, now: AccountDeclaration): readonly string[] {
  const [old, next] = [was, now].map(({ account }) => `${identity(account)}, of ${ownerText(account)}`);
  const mints = now.account.mints === true;
  const turned = was.account.self === true && now.account.self === true && (was.account.mints === true) !== mints;
  return old === next
    ? turned
      ? [
          mints
            ? "Its tokens are minted beside the one in use from now on, in place of rotating themselves: docs/accounts/self-minting.md has the steps."
            : "Its token rotates itself from now on, without an overlap: docs/accounts/self-minting.md has the steps.",
        ]
      : []
    : [
        `The user is ${next}, instead of ${old}: the tokens that live are of the old one. Declare a new account instead.`,
      ];
}

function tokenDetails(
  was: AccountDeclaration,
  now: AccountDeclaration,
  after: Settings,
  today: Day,
): readonly string[] {
  const { scopeReason: oldReason, legacyReason: oldLegacy, ...old } = told(was.token);
  const { scopeReason: reason, legacyReason: legacy, ...token } = told(now.token);
  const next = show(nextOpening(now, after.freezes, today).date);
  return [
    ...fields(
      { token: old, "account.accessToken": was.account.accessToken },
      { token, "account.accessToken": now.account.accessToken },
    ).map((text) => `${text}: with the next token, on ${next}.`),
    ...fields(
      { "token.scopeReason": oldReason, "token.legacyReason": oldLegacy },
      { "token.scopeReason": reason, "token.legacyReason": legacy },
    ).map((text) => `${text}.`),
  ];
}

/** The role of an access token's bot, where the next one has a higher one. */
function widerRole(was: AccountDeclaration["account"], now: AccountDeclaration["account"]): readonly string[] {
  const [old, next] = [was, now].map(({ accessToken }) =>
    accessToken === undefined ? -1 : accessTokenRoles.indexOf(accessToken),
  );
  if (old === undefined || next === undefined || old < 0 || next <= old) return [];
  return [`the role ${now.accessToken} in ${ownerText(now)}`];
}

/** Permissions as people read them. */
function told({ permissions, scopes, ...token }: AccountDeclaration["token"]) {
  return { ...token, ...(permissions === undefined ? { scopes } : { permissions: permissionTexts(permissions) }) };
}

function dateDetails(
  was: AccountDeclaration,
  now: AccountDeclaration,
  before: Settings,
  after: Settings,
  today: Day,
): readonly string[] {
  const edited = fields(
    { rotation: was.rotation, adopt: was.adopt, holdAt: was.holdAt, compromised: was.compromised },
    { rotation: now.rotation, adopt: now.adopt, holdAt: now.holdAt, compromised: now.compromised },
  )
    .map((text) => `${text}.`)
    .concat(keptText(was, now, before, today))
    .concat(holdText(was, now, today));
  if (now.decommission !== undefined) {
    const { reason } = now.decommission;
    const told = `It is decommissioned (${reason}): the next run revokes every token of ours that it has, whoever uses one.`;
    return was.decommission === undefined ? [...edited, told] : edited;
  }
  const [old, next] = [nextRotation(was, before.freezes, today), nextRotation(now, after.freezes, today)];
  if (next === undefined) return edited;
  const from = old === undefined ? "is" : `moves from ${show(old.date)} to`;
  const due = newlyDue(generations(now, after.freezes, today), generations(was, before.freezes, today));
  if (due !== undefined) {
    const on = due.date < today ? `${from} the next run, being due since ${show(due.date)}` : `${from} today`;
    const why = openingOn(now, after, due.date).reason.join(" ");
    return [...edited, `The next rotation ${on}: ${why} The one after it is on ${show(next.date)}.`];
  }
  if (old?.date === next.date && old.generation === next.generation) {
    return edited.length === 0 ? [] : [...edited, `The next rotation stays on ${show(next.date)}.`];
  }
  const opening = openingOn(now, after, next.date);
  const reason =
    opening.name === next.generation
      ? opening.reason.join(" ")
      : next.event === "switch" && now.holdAt !== undefined
        ? `the hold of ${now.holdAt} ends, and ${next.generation} takes over.`
        : next.explanation;
  return [...edited, `The next rotation ${old === undefined ? "is on" : from} ${show(next.date)}: ${reason}`];
}

function openingOn(account: AccountDeclaration, { freezes }: Settings, day: Day): Opening {
  return nextOpening(account, freezes, addDays(day, -1));
}

/** A hold that is declared when it is over holds nothing. */
function holdText(was: AccountDeclaration, now: AccountDeclaration, today: Day): readonly string[] {
  const { holdAt } = now;
  if (holdAt === undefined || holdAt === was.holdAt) return [];
  const dies = holdAt === adopted ? now.adopt?.expiresAt : addDays(holdAt.slice(0, 10), now.rotation.lifetimeDays);
  if (dies === undefined) return [];
  const ends = holdEnds(now, dies);
  return ends <= today ? [`The hold of ${holdAt} has been over since ${show(ends)}: it has no effect.`] : [];
}

/** A token that is minted keeps its expiry, whatever lifetime is declared from then on. */
function keptText(was: AccountDeclaration, now: AccountDeclaration, before: Settings, today: Day): readonly string[] {
  const inUse = generations(was, before.freezes, today).find(({ lifecycle }) => lifecycle === "current");
  const { lifetimeDays, marginDays, overlapDays } = now.rotation;
  if (inUse?.date === undefined || lifetimeDays <= was.rotation.lifetimeDays || now.decommission !== undefined)
    return [];
  const from = addDays(inUse.expiresAt, -marginDays - overlapDays);
  const does = rotatesItself(now.account) ? "rotates itself" : "is replaced within its generation";
  return [
    `The token in use keeps the expiry that GitLab has: it dies on ${show(inUse.expiresAt)}, and ${does} by the first run from ${show(from)} on, unless a rotation comes before that.`,
  ];
}

function placeDetails(was: AccountDeclaration, now: AccountDeclaration): readonly string[] {
  const stored = {
    added: (text: string) => `New place ${text}: the next run puts the current token there.`,
    gone: (text: string) =>
      `No longer ${text}: it keeps the token it holds, and is not updated any more. What still reads it there fails when that token is revoked.`,
  };
  const attributes = (account: AccountDeclaration): Record<string, object> =>
    Object.fromEntries(placesOf(account).map(({ title, attributes }) => [title, attributes]));
  const [old, next] = [attributes(was), attributes(now)];
  const both = Object.keys(old).filter((key) => key in next);
  return [
    ...listed(placeTexts(was), placeTexts(now), stored),
    ...both.flatMap((key) => fields({ [key]: old[key] }, { [key]: next[key] }).map((text) => `${text}.`)),
    ...listed(was.external.map(externalText), now.external.map(externalText), {
      added: (text) => `New consumer to be told: ${text}.`,
      gone: (text) => `No longer told: ${text}.`,
    }),
    ...listed(was.retries.map(retryText), now.retries.map(retryText), {
      added: (text) => `The proof of ${text} is taken up: if it gave up, the next run tries that token as often again.`,
      gone: (text) => `The proof of ${text} is no longer taken up.`,
    }),
    ...listed(was.proof.map(proofText), now.proof.map(proofText), {
      added: (text) => `New proof ${text}.`,
      gone: (text) => `No proof ${text} any more: it no longer holds back the end of an old token.`,
    }),
  ];
}

function listed(
  before: readonly string[],
  after: readonly string[],
  say: { readonly added: (text: string) => string; readonly gone: (text: string) => string },
): readonly string[] {
  return [
    ...after.filter((text) => !before.includes(text)).map(say.added),
    ...before.filter((text) => !after.includes(text)).map(say.gone),
  ];
}

/** Each value that differs, with its path: `rotation.everyDays: 168 instead of 336`. */
function fields(before: object, after: object, path = ""): readonly string[] {
  const names = [...new Set([...Object.keys(after), ...Object.keys(before)])];
  return names.flatMap((name) => {
    const [old, next]: unknown[] = [Reflect.get(before, name), Reflect.get(after, name)];
    if (JSON.stringify(old) === JSON.stringify(next)) return [];
    const at = path === "" ? name : `${path}.${name}`;
    const blocks = [old, next].every((one) => typeof one === "object" && one !== null && !Array.isArray(one));
    return blocks
      ? fields(old as object, next as object, at)
      : [`${at}: ${valueText(next)} instead of ${valueText(old)}`];
  });
}

function valueText(value: unknown): string {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (Array.isArray(value) && value.length > 0) return value.map(valueText).join(", ");
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    const entries = Object.entries(value).map(([name, inner]) => `${name} ${valueText(inner)}`);
    return `(${entries.join(", ")})`;
  }
  return foundText(value);
}

function retryText({ generation, on, reason }: Retry): string {
  return `generation ${generation}, asked for on ${show(on)} (${reason}),`;
}
