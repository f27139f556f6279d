import { failed } from "../../../clients/faults";
import type { Token } from "../../../clients/gitlab/users/tokens";
import type { Servers } from "../../../clients/servers";
import type { AccountInputs, AccountOutputs, Opened } from "../../../contract/account";
import { addDays, daysBetween } from "../../../ground/day";
import { adopted } from "../../../rotation/calendar/generations";
import { markOf } from "../../../rotation/mark";
import { tokensOf } from "./keptIn";

/** The generations that were opened up to now and have not expired. A generation keeps the expiry it was opened with. */
export function openedOnce(before: readonly Opened[], declared: readonly Opened[], today: string): Opened[] {
  const known = new Set(before.map(({ name }) => name));
  const added = declared.filter(({ name }) => !known.has(name)).map(({ name, expiresAt }) => ({ name, expiresAt }));
  return [...before, ...added].filter(({ expiresAt }) => expiresAt > today);
}

/**
 * Refuses a declaration in which a generation is gone whose token still lives: an edit or a clock rewrote history.
 *
 * @param stack - its name, for what to do.
 * @returns the history without the generations that are gone and dead.
 */
export async function guardHistory(
  before: AccountOutputs,
  inputs: AccountInputs,
  today: string,
  at: Servers,
  stack: string,
): Promise<Opened[]> {
  guardLeaks(before, inputs, stack);
  if (inputs.self === true) return guardOrder(before, inputs, today);
  const declared = new Set(inputs.generations.map(({ name }) => name));
  const outlived = outlivedBy(inputs.generations, today);
  const gone = before.opened.filter((one) => one.expiresAt > today && !declared.has(one.name) && !outlived(one));
  if (gone.length === 0) return [...before.opened];
  const doing = `checking the history of account "${inputs.account}"`;
  // The declaration of today tells with what they are listed.
  const whose = inputs.keptIn === undefined ? before : { ...inputs, userId: before.userId };
  const tokens = await tokensOf(whose, at, { state: "active" }).catch((error: unknown) => {
    throw failed(
      `${doing}: ${named(gone)} is no longer declared, and whether its token lives could not be looked up`,
      error,
    );
  });
  const living = gone.filter(({ name }) =>
    tokens.some(
      (token) => isMarked(token, before.fleet, name) || (name === adopted && token.id === before.adopt?.tokenId),
    ),
  );
  if (living.length > 0)
    throw new Error(
      `${doing}: ${named(living)} is no longer declared, but its token lives until ${living.map(({ expiresAt }) => expiresAt).join(", ")}. An edit of "rotation" or "adopt", or a clock that was set back, would forget it. Put the dates back as they were; to rotate earlier, add an entry to "extraDates"; to drop the account, follow "onRemoval".`,
    );
  return before.opened.filter((opened) => !gone.includes(opened));
}

/**
 * What the calendar lets go of because of its age alone: after a shorter lifetime, a token that was minted with a longer one
 * outlives the days that are declared for it, when no run came or no proof passed in all of them. Nothing was rewritten; what is
 * current takes its place, and the retirement that sweeps what nobody knows ends it.
 */
function outlivedBy(declared: AccountInputs["generations"], today: string): (one: Opened) => boolean {
  const newest = declared.at(-1);
  if (newest === undefined || newest.name === adopted) return () => false;
  const lifetimeDays = daysBetween(dayOf(newest), newest.expiresAt);
  return (one) => one.name !== adopted && isBefore(one, newest) && addDays(dayOf(one), lifetimeDays) <= today;
}

/** The day on which a generation opened. */
function dayOf(one: Opened): string {
  return parts(one)[0];
}

/**
 * A token that leaked is never in use again: after an emergency, until its edit is merged, the approved declaration still
 * has it current.
 */
function guardLeaks(
  before: AccountOutputs,
  { account, generations, compromised = [] }: AccountInputs,
  stack: string,
): void {
  const current = generations.find(({ lifecycle }) => lifecycle === "current")?.name;
  const leak = before.compromised?.find(({ generation }) => generation === current);
  if (leak === undefined || compromised.some(({ generation }) => generation === current)) return;
  throw new Error(
    `checking the history of account "${account}": generation "${leak.generation}" was declared compromised (${leak.reason}) and is to be current again, so nothing was done. The emergency's edit is not merged yet: merge it, or run "npm run emergency -- --carry-over --stack ${stack}" before "npm run up"`,
  );
}

/** A token that rotates itself lives alone, and there is no way back to one before it. */
function guardOrder({ opened }: AccountOutputs, inputs: AccountInputs, today: string): Opened[] {
  const newest = opened.at(-1);
  const current = inputs.generations.at(-1);
  if (newest === undefined || newest.expiresAt <= today || (current !== undefined && !isBefore(current, newest)))
    return [...opened];
  throw new Error(
    `checking the history of account "${inputs.account}": generation "${current?.name ?? "none"}" is declared to be current, but "${newest.name}" has taken its place already, and GitLab revoked its token in that moment. Take the edit of "rotation", "adopt" or "holdAt" back; to rotate again, add an entry to "extraDates".`,
  );
}

function isBefore(one: Opened, other: Opened): boolean {
  const [day, count] = parts(one);
  const [otherDay, otherCount] = parts(other);
  return day < otherDay || (day === otherDay && count < otherCount);
}

/** Day and number on that day; the hand-made token comes before all others. */
function parts({ name }: Opened): [day: string, count: number] {
  const [day = "", count = "1"] = name.split(".");
  return name === adopted ? ["", 0] : [day, Number(count)];
}

/** Whatever the account in the mark: the account may have had another name when the token was minted. */
function isMarked({ description }: Token, fleet: string, generation: string): boolean {
  const mark = markOf(description);
  return mark?.fleet === fleet && mark.generation === generation;
}

function named(opened: readonly Opened[]): string {
  return `generation ${opened.map(({ name }) => `"${name}"`).join(", ")}`;
}
