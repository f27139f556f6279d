import { type Owner, ownerTitle } from "../../clients/gitlab/owner";
import type { Token } from "../../clients/gitlab/users/tokens";
import { isBelow } from "../../ground/below";
import { addDays, type Day, daysBetween, show } from "../../ground/day";
import { markOf } from "../../rotation/mark";
import type { FoundAccount } from "./accounts";
import type { Held, Identity } from "./identify";
import type { FoundField, FoundItem } from "./items";
import type { Provable } from "./proofs";
import { type FoundVariable, variableTitle } from "./variables";

/** Days after which an expired token that nobody replaced is taken for one that nobody misses. */
const forgottenAfter = 90;

/** A place in 1Password for a token. */
export interface DraftItem {
  readonly vault: string;
  readonly item?: string;
  readonly newItem?: string;
  readonly field?: string;
}

/** What is to be declared of an account, before it has a day. */
export interface Draft {
  /** Key of the account. */
  readonly name: string;
  readonly account: FoundAccount;
  /** The token to take over. */
  readonly token: Token;
  /** The day on which it dies, or is said to. */
  readonly expiresAt: Day;
  readonly dead: boolean;
  readonly variables: readonly FoundVariable[];
  readonly items: readonly DraftItem[];
  /** What a person should know or do. */
  readonly notes: readonly string[];
}

/** An account of which nothing is declared, and why. */
export interface Left {
  readonly account: FoundAccount;
  readonly why: string;
}

/** What was found beside the accounts. */
export interface Surrounding {
  readonly today: Day;
  readonly variables: readonly FoundVariable[];
  readonly items: readonly FoundItem[];
  /** The vaults that were looked into. */
  readonly vaults: readonly string[];
  /** Names of accounts that are declared already. */
  readonly names: readonly string[];
  /** By lower-case user name: where an account is declared. */
  readonly declared: ReadonlyMap<string, string>;
  /** The token that this run itself works with. */
  readonly ownTokenId: number;
}

/** A draft of each account that can be declared, and the others. */
export function drafts(
  accounts: readonly FoundAccount[],
  around: Surrounding,
): { readonly drafts: readonly Draft[]; readonly left: readonly Left[] } {
  const made: Draft[] = [];
  const left: Left[] = [];
  const taken = new Set(around.names);
  const titles = new Set(around.items.map(({ title }) => title));
  for (const account of accounts) {
    const chosen = chosenToken(account, around);
    if (typeof chosen === "string") {
      left.push({ account, why: chosen });
      continue;
    }
    const name = nameOf(account, taken);
    taken.add(name);
    made.push(draft(name, account, chosen, around, titles));
  }
  return { drafts: made, left };
}

/** The token to take over: of those that live the one that was used last; else the last to expire. Or why there is none. */
function chosenToken(account: FoundAccount, around: Surrounding): Token | string {
  const declared = around.declared.get(account.username.toLowerCase());
  if (declared !== undefined) return `is declared already, in ${declared}`;
  const live = account.tokens.filter(({ active }) => active);
  const mark = live.map(({ description }) => markOf(description)).find((one) => one !== undefined);
  if (mark !== undefined) return `is rotated already, by the fleet "${mark.fleet}" as "${mark.account}"`;
  if (account.tokens.some(({ id }) => id === around.ownTokenId))
    return "is the one that this run itself works as: declare it in a stack of its own, see docs/credential.md";
  const used = newest(live, ({ lastUsedAt, createdAt }) => `${lastUsedAt ?? ""} ${createdAt}`);
  if (used !== undefined) return used;
  const expired = newest(
    account.tokens.filter(({ revoked }) => !revoked),
    ({ expiresAt, createdAt }) => `${expiresAt} ${createdAt}`,
  );
  if (expired?.expiresAt === undefined)
    return account.tokens.length === 0 ? "has no token" : "has only tokens that were revoked";
  return daysBetween(expired.expiresAt, around.today) > forgottenAfter
    ? `has had no living token since ${show(expired.expiresAt)}, and nobody replaced it`
    : expired;
}

function newest(tokens: readonly Token[], key: (token: Token) => string): Token | undefined {
  return [...tokens].sort((a, b) => (key(a) < key(b) ? -1 : 1)).at(-1);
}

function nameOf({ username, id }: FoundAccount, taken: ReadonlySet<string>): string {
  // What an access token is called may hold any sign.
  const written = username.replace(/[^\w.-]+/g, "-").replace(/^[^A-Za-z0-9]+|-+$/g, "");
  const name = written.slice(0, 60) || `account-${id}`;
  return taken.has(name) ? `${name.slice(0, 59 - String(id).length)}-${id}` : name;
}

function draft(name: string, account: FoundAccount, token: Token, around: Surrounding, titles: Set<string>): Draft {
  const named = around.items.filter((item) => isNamed(item, account));
  // A dead token cannot be told from another: that it lies in an item of this account says whose it is.
  const dead = new Set<Identity>(
    token.active
      ? []
      : named.flatMap(({ fields }) => fields.map(({ held }) => held.identity)).filter(({ kind }) => kind === "dead"),
  );
  const isIt = (held: Held | undefined) =>
    held !== undefined && (isToken(held, token.id) || (held.identity.kind === "dead" && dead.has(held.identity)));
  const isOther = (held: Held | undefined) =>
    held !== undefined && account.tokens.some(({ id }) => id !== token.id && isToken(held, id));
  const fields = around.items.flatMap((item) => item.fields.map((field) => ({ ...field, vault: item.vault })));
  const variables = around.variables.filter(({ held }) => isIt(held) && held?.embedded === false);
  const own = fields.filter(({ held }) => isIt(held) && !held.embedded);
  const expiresAt = token.expiresAt ?? addDays(around.today, 365);
  const others = account.tokens.filter(({ id, active }) => active && id !== token.id);
  return {
    name,
    account,
    token,
    expiresAt,
    dead: !token.active,
    variables,
    items:
      own.length > 0
        ? own.map(({ vault, item, field }) => ({ vault, item, field }))
        : newItems(token, account, around, titles),
    notes: [
      ...(token.expiresAt === undefined
        ? [
            `Token ${token.id} never expires. adopt.expiresAt says from when on nobody reckons with it; it is revoked like any other.`,
          ]
        : []),
      ...others.map((other) => otherToken(other, around, fields)),
      ...around.variables
        .filter(({ held }) => isIt(held) && held?.embedded)
        .map(
          (variable) =>
            `TODO ${variableTitle(variable)} holds the token within more text: it cannot be written from here. Give the token a variable of its own there, or say under external who updates it.`,
        ),
      ...(variables.length > 0 || around.variables.some(({ held }) => isOther(held)) ? [] : [hidden(account, around)]),
      ...(token.active ? [] : deadNotes(variables, around)),
      ...itemNotes(own, named, around),
    ],
  };
}

function isToken({ identity }: Held, id: number): boolean {
  return identity.kind === "token" && identity.id === id;
}

/** An item is an account's when it says so by its user name or its title. */
function isNamed({ title, username }: FoundItem, account: FoundAccount): boolean {
  const names = [account.username, account.name, ...account.tokens.map(({ name }) => name)];
  return username?.toLowerCase() === account.username.toLowerCase() || names.includes(title);
}

/** Where a vault is known but no item with the token, one is made; no two may bear one title. */
function newItems({ name }: Token, account: FoundAccount, { vaults }: Surrounding, titles: Set<string>): DraftItem[] {
  const [vault] = vaults;
  if (vault === undefined) return [];
  const ways = [name, `${name} (${account.username})`];
  const newItem = ways.find((title) => !titles.has(title)) ?? `${name} (${account.username}, ${account.id})`;
  titles.add(newItem);
  return [{ vault, newItem }];
}

function otherToken(
  token: Token,
  { variables }: Surrounding,
  fields: readonly (FoundField & { readonly vault: string })[],
): string {
  const holds = ({ held }: { readonly held: Held | undefined }) => held !== undefined && isToken(held, token.id);
  const places = [
    ...variables.filter(holds).map(variableTitle),
    ...fields.filter(holds).map(({ vault, item, field }) => `field "${field}" of item "${item}" in vault "${vault}"`),
  ];
  const use = token.lastUsedAt === undefined ? "never used" : `last used on ${show(token.lastUsedAt.slice(0, 10))}`;
  const expiry = token.expiresAt === undefined ? "never expires" : `expires on ${show(token.expiresAt)}`;
  const todo =
    places.length === 0
      ? "Revoke it in GitLab if nobody needs it"
      : `It is in ${places.join("; ")}. Declare it as well, under another name, with these places`;
  return `TODO Another token lives: ${token.id} "${token.name}" (${token.scopes.join(", ")}; ${expiry}; ${use}). It is left alone. ${todo}.`;
}

function hidden(account: FoundAccount, { variables }: Surrounding): string {
  const near = variables.filter((one) => one.hidden && isNear(one.owner, account.owner)).map(variableTitle);
  const candidates = near.length === 0 ? "" : ` Hidden ones, which nobody can read: ${near.slice(0, 10).join("; ")}.`;
  return `TODO No variable that can be read holds its token.${candidates} Name those that do under variables.`;
}

function isNear(owner: Owner, other: Owner): boolean {
  const place = other.group ?? other.project;
  return place === undefined || isBelow(owner.project ?? owner.group ?? "", place);
}

function deadNotes(variables: readonly FoundVariable[], around: Surrounding): string[] {
  const open = around.variables.filter((one) => one.held?.identity.kind === "dead" && !variables.includes(one));
  if (open.length === 0) return [];
  return [
    `TODO Its token is dead, and GitLab does not say whose a dead value is. These hold a dead token; name those that are its own under variables: ${open.map(variableTitle).join("; ")}.`,
  ];
}

function itemNotes(own: readonly object[], named: readonly FoundItem[], { vaults }: Surrounding): string[] {
  if (vaults.length === 0) return ["TODO No vault was given (--vault): say under onePassword where the token is kept."];
  if (own.length > 0) return [];
  const items = named.map(({ title }) => `"${title}"`);
  const there =
    items.length === 0 ? "" : ` ${items.join(", ")} bears its name; to keep the token there, name item and field.`;
  return [`TODO No item of ${vaults.join(", ")} holds its token, so one is made.${there}`];
}

/** What proves a draft, and what a person has to find out about it. */
export function proofNotes(draft: Draft, provable: readonly Provable[]): string[] {
  return draft.variables
    .filter(({ owner }) => !provable.some(({ project, jobs }) => jobs.length > 0 && isProvenBy(owner, project)))
    .map(
      (variable) =>
        `TODO ${variableTitle(variable)}: name a pipeline under proof that works with it; without one npm run plan objects.`,
    );
}

function isProvenBy(owner: Owner, project: string): boolean {
  const place = owner.project ?? owner.group;
  return place === undefined || isBelow(project, place);
}

/** What a draft belongs to, in words. */
export function draftTitle({ account }: Pick<Draft, "account">): string {
  return `${account.username} (${account.name}), of ${ownerTitle(account.owner)}`;
}
