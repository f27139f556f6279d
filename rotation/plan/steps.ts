import { type Day, show } from "../../ground/day";
import type { Generation } from "../calendar/generations";
import type { Event } from "../calendar/upcoming";
import type { AccountDeclaration } from "../declaration/declaration";
import { placeTexts, proofText } from "../declaration/places";
import { rotatesItself } from "../declaration/self";

/** What a preview comes to for the token of a generation. What is not known before the update is absent. */
export interface FoundToken {
  /** Name of the generation. */
  readonly generation: string;
  /** Whether the state knows nothing of it yet. */
  readonly isNew: boolean;
  /** GitLab's id; not known of one that is to be minted. */
  readonly tokenId?: number | undefined;
  /** `unminted`, `live`, `revoked` or `expired`; not known of one that may be revoked in this run. */
  readonly status?: string | undefined;
  /** Why a retired one is not revoked; empty when nothing holds it. */
  readonly hold?: string | undefined;
}

/** What a preview comes to for an account. */
export interface FoundAccount {
  /** The tokens of its generations. */
  readonly tokens: readonly FoundToken[];
  /** For each place of 1Password and each variable, in this order, whether the state knows nothing of it yet. */
  readonly newPlaces: readonly boolean[];
  /** Whether the proof is still to come. */
  readonly proves: boolean;
}

/** Something that a run does to an account. */
export interface Step {
  /** What kind of thing. */
  readonly does: "mint" | "take over" | "store" | "prove" | "keep" | "hold" | "revoke" | "wait";
  /** It, in words that follow the account's name. */
  readonly text: string;
}

/** What a run does to an account, and what of it has been due since a day. */
export interface AccountRun {
  /** Name of the account. */
  readonly account: string;
  /** In the order in which they are done; none when there is nothing to do. */
  readonly steps: readonly Step[];
  /** What the account would fail of: then nothing of it is done. Absent when nothing is foreseen. */
  readonly fault?: string;
  /** What the dates asked for, up to and with the day of the run, and is not done yet. */
  readonly pending: readonly Event[];
}

/** What a run does to an account on a day. */
export function accountRun(
  account: AccountDeclaration,
  all: readonly Generation[],
  found: FoundAccount,
  today: Day,
): AccountRun {
  const tokens = new Map(found.tokens.map((token) => [token.generation, token]));
  const current = all.find(({ lifecycle }) => lifecycle === "current");
  const inUse = current === undefined ? undefined : tokens.get(current.name);
  const mints = current !== undefined && inUse !== undefined && isMinted(current, inUse);
  const opens = current === undefined ? [] : opening(account, current, inUse, found);
  const acts = all.flatMap((one): Step[] => {
    const token = tokens.get(one.name);
    if (token === undefined || one.lifecycle === "current") return [];
    return one.lifecycle === "retired"
      ? retiring(account, one, token, today)
      : keeping(one, token, opens.length > 0, today);
  });
  return {
    account: account.name,
    steps: [...opens, ...acts],
    pending: all
      .flatMap((one) => pending(account.name, one, tokens.get(one.name), today))
      // The overlap counts from the proof of the one that this run mints.
      .filter(({ event, generation }) => !(event === "retire" && mints && overlaps(all, generation))),
  };
}

function overlaps(all: readonly Generation[], generation: string): boolean {
  return all.some(({ name, overlapDays }) => name === generation && overlapDays > 0);
}

/** Whether a token is to be minted: one that the state has no id of, while it is asked to be in use. */
function isMinted({ name }: Generation, { tokenId }: FoundToken): boolean {
  return name !== "adopted" && tokenId === undefined;
}

function opening(
  account: AccountDeclaration,
  current: Generation,
  token: FoundToken | undefined,
  { newPlaces, proves }: FoundAccount,
): Step[] {
  if (token === undefined) return [];
  const mints = isMinted(current, token);
  const taken = current.name === "adopted" && token.status === undefined;
  const places = placeTexts(account);
  const stored = mints ? places : places.filter((_, index) => newPlaces[index] === true);
  const it = mints ? "it" : `${current.name} (token ${token.tokenId})`;
  const proofs = account.proof.map(proofText);
  return [
    ...(mints ? [minting(account, current, token)] : []),
    ...(taken ? [step("take over", `takes over token ${token.tokenId}, made by hand`)] : []),
    ...(stored.length === 0 ? [] : [step("store", `stores ${it} in ${stored.join("; ")}`)]),
    ...(proves
      ? [step("prove", `proves ${it} ${proofs.length === 0 ? "by a call of GitLab" : `by ${proofs.join("; ")}`}`)]
      : []),
  ];
}

function minting({ account }: AccountDeclaration, { name, expiresAt }: Generation, { isNew }: FoundToken): Step {
  const expires = `expires on ${show(expiresAt)}`;
  if (rotatesItself(account))
    return step(
      "mint",
      `has its token rotate itself into ${name}: the old one dies in that moment; the new one ${expires}`,
    );
  return step("mint", `mints ${name}${isNew ? "" : " anew, since no token of it lives"}; it ${expires}`);
}

function retiring(
  { decommission }: AccountDeclaration,
  { name, expiresAt }: Generation,
  token: FoundToken,
  today: Day,
): Step[] {
  const title = `${name}${token.tokenId === undefined ? "" : ` (token ${token.tokenId})`}`;
  if (decommission !== undefined)
    return token.status === undefined ? [step("revoke", `revokes ${title}, since the account ends`)] : [];
  if (token.status === undefined && expiresAt <= today)
    return [step("keep", `looks once more whether ${title} is dead, which expired on ${show(expiresAt)}`)];
  if (token.status === undefined) return [step("revoke", `revokes ${title}, unless something speaks against it then`)];
  if (token.status !== "live") return [];
  return [step("hold", `holds ${title}${token.hold ? `: ${token.hold}` : ""}`)];
}

/** What lives on beside its successor is told where there is something to tell of the account anyway. */
function keeping(
  { name, date, retireOn, expiresAt }: Generation,
  { tokenId, status }: FoundToken,
  isTold: boolean,
  today: Day,
): Step[] {
  // One that is dead by its declared date is looked up once more, and left at that.
  if (date === undefined && status === undefined)
    return expiresAt <= today ? [] : [step("take over", `takes over token ${tokenId}, made by hand`)];
  if (!isTold || status !== "live") return [];
  const until = expiresAt < retireOn ? `${show(expiresAt)}, when it dies` : show(retireOn);
  return [step("keep", `keeps ${name} (token ${tokenId}) until ${until}`)];
}

function pending(account: string, one: Generation, token: FoundToken | undefined, today: Day): Event[] {
  const { name: generation, date, lifecycle, retireOn, expiresAt, explanation } = one;
  if (token === undefined) return [];
  const event = (day: Day, what: Event["event"]): Event[] =>
    day <= today ? [{ date: day, account, event: what, generation, explanation }] : [];
  // One that died is wanted from the day on which that is known.
  const since = token.isNew ? date : today;
  if (lifecycle === "current") return since !== undefined && isMinted(one, token) ? event(since, "mint") : [];
  const lives = token.status === "live" || (token.status === undefined && today < expiresAt);
  return lifecycle === "retired" && lives ? event(retireOn, "retire") : [];
}

function step(does: Step["does"], text: string): Step {
  return { does, text };
}
