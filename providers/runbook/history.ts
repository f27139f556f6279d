import { ownerOf } from "../gitlab/api/owner";
import { listTokens, type Token } from "../gitlab/api/tokens";
import type { AccountInputs, AccountOutputs, Opened } from "./accountInputs";
import { failed } from "./faults";
import { markOf } from "./mark";
import type { Servers } from "./servers";

/** The generations that were opened up to now and have not expired. A generation keeps the expiry it was opened with. */
export function openedOnce(before: readonly Opened[], declared: readonly Opened[], today: string): Opened[] {
  const known = new Set(before.map(({ name }) => name));
  const added = declared.filter(({ name }) => !known.has(name)).map(({ name, expiresAt }) => ({ name, expiresAt }));
  return [...before, ...added].filter(({ expiresAt }) => expiresAt > today);
}

/**
 * Refuses a declaration in which a generation is gone whose token still lives: an edit or a clock rewrote history.
 *
 * @returns the history without the generations that are gone and dead.
 */
export async function guardHistory(
  before: AccountOutputs,
  inputs: AccountInputs,
  today: string,
  at: Servers,
): Promise<Opened[]> {
  guardLeaks(before, inputs);
  if (inputs.self === true) return guardOrder(before, inputs, today);
  const declared = new Set(inputs.generations.map(({ name }) => name));
  const gone = before.opened.filter(({ name, expiresAt }) => expiresAt > today && !declared.has(name));
  if (gone.length === 0) return [...before.opened];
  const doing = `checking the history of account "${inputs.account}"`;
  const tokens = await listTokens(at.gitlab(), ownerOf(before), before.userId, { state: "active" }).catch(
    (error: unknown) => {
      throw failed(
        `${doing}: ${named(gone)} is no longer declared, and whether its token lives could not be looked up`,
        error,
      );
    },
  );
  const living = gone.filter(({ name }) =>
    tokens.some(
      (token) => isMarked(token, before.fleet, name) || (name === "adopted" && token.id === before.adopt?.tokenId),
    ),
  );
  if (living.length > 0)
    throw new Error(
      `${doing}: ${named(living)} is no longer declared, but its token lives until ${living.map(({ expiresAt }) => expiresAt).join(", ")}. An edit of "rotation" or "adopt", or a clock that was set back, would forget it. Put the dates back as they were; to rotate earlier, add an entry to "extraDates"; to drop the account, follow "onRemoval".`,
    );
  return before.opened.filter((opened) => !gone.includes(opened));
}

/**
 * A token that leaked is never in use again: after an emergency, until its edit is merged, the approved declaration still
 * has it current.
 */
function guardLeaks(before: AccountOutputs, { account, generations, compromised = [] }: AccountInputs): void {
  const current = generations.find(({ lifecycle }) => lifecycle === "current")?.name;
  const leak = before.compromised?.find(({ generation }) => generation === current);
  if (leak === undefined || compromised.some(({ generation }) => generation === current)) return;
  throw new Error(
    `checking the history of account "${account}": generation "${leak.generation}" was declared compromised (${leak.reason}) and is to be current again, so nothing was done. The emergency's merge request is not merged yet: merge it, or run "npm run emergency -- --carry-over" before "npm run up"`,
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
  return name === "adopted" ? ["", 0] : [day, Number(count)];
}

/** Whatever the account in the mark: the account may have had another name when the token was minted. */
function isMarked({ description }: Token, fleet: string, generation: string): boolean {
  const mark = markOf(description);
  return mark?.fleet === fleet && mark.generation === generation;
}

function named(opened: readonly Opened[]): string {
  return `generation ${opened.map(({ name }) => `"${name}"`).join(", ")}`;
}
