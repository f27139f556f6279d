import { days, show } from "../ground/day";
import type { AccountStatus, StackStatus } from "./standing";
import type { Style } from "./writer";

/** The characters of a fault: the whole of it is in the account's own screen. */
const LONGEST = 260;

/** When a stack was last run. */
export function ranText({ lastRun, isRead = true }: StackStatus): string {
  if (!isRead) return "its state was not read";
  return lastRun === undefined ? "no run yet" : `last run ${instantText(lastRun)}`;
}

/** How many accounts stand how. */
export function headline(accounts: readonly AccountStatus[]): string {
  const count = (verdict: AccountStatus["verdict"]) => accounts.filter((one) => one.verdict === verdict).length;
  const held = accounts.filter((one) => one.held.length > 0).length;
  const parts = [
    [count("risk"), "at risk"],
    [count("due"), "failed or late"],
    [count("unknown"), "not known"],
    [count("running"), "being proven"],
    [count("new"), "not begun"],
    [count("fine"), "fine"],
    [held, "with an older token held"],
  ] as const;
  const all = accounts.length === 1 ? "1 account" : `${accounts.length} accounts`;
  return `${all}: ${parts.flatMap(([number, words]) => (number === 0 ? [] : [`${number} ${words}`])).join(", ")}.`;
}

/** How many of the places hold the token in use. */
export function placesCount(account: AccountStatus): string {
  const { places, inUse } = account;
  const holding = places.filter((place) => holds(place, account)).length;
  if (places.every((place) => !place.isRead && place.holds === undefined))
    return places.length === 0 ? "none" : inUse === undefined ? "?" : "as is";
  return `${holding} of ${places.length}`;
}

/** Whether a place holds the token in use. */
export function holds({ holds: held }: AccountStatus["places"][number], { inUse }: AccountStatus): boolean {
  return held !== undefined && held === inUse?.generation;
}

/** What a place holds, or why that is not known. */
export function placeText({ holds: held, isRead, because }: AccountStatus["places"][number]): string {
  if (because !== undefined) return because;
  if (held !== undefined) return `${isRead ? "holds" : "was set to"} ${held}`;
  return isRead ? "holds nothing that is known" : "left as it was; no run has set it";
}

/** The proof of the newest token, in a word or two. */
export function proofWord({ proof, verdict, inUse }: AccountStatus): string {
  if (proof === undefined) return verdict === "new" || inUse !== undefined ? "none yet" : "?";
  if (proof.provedAt !== undefined) return show(proof.provedAt.slice(0, 10)).slice(4);
  if (proof.status === "running") return "running";
  if (proof.attempts >= proof.maxAttempts) return "gave up";
  return `failed, ${proof.attempts} of ${proof.maxAttempts}`;
}

/** The proof of the newest token, and what becomes of one that failed. */
export function proofText(
  account: string,
  { generation, status, provedAt, attempts, maxAttempts }: NonNullable<AccountStatus["proof"]>,
): string {
  if (provedAt !== undefined) return `generation ${generation} proved on ${show(provedAt.slice(0, 10))}`;
  if (status === "running") return `of generation ${generation}: its pipelines are still running`;
  const isOver = attempts >= maxAttempts;
  return `of generation ${generation} failed, attempt ${attempts} of ${maxAttempts}${isOver ? `: it gave up; npx pat-rotation retry ${account} takes it up` : "; the next run tries again"}`;
}

/**
 * What needs somebody, or explains itself.
 *
 * @param most - the characters of a fault.
 */
export function notesOf(
  one: AccountStatus,
  most: number = LONGEST,
): readonly (readonly [mark: string, style: Style, words: string])[] {
  const { failed, late, held, waiting, alarms, verdict, inUse } = one;
  const dying = inUse !== undefined && verdict === "risk" && failed === undefined && alarms.length === 0;
  return [
    ...(failed === undefined ? [] : [["! ", "yellow", brief(failed, most)] as const]),
    ...(dying
      ? [["✗ ", "red", `the token in use ${inUse.days <= 0 ? "is dead" : `dies in ${days(inUse.days)}`}`] as const]
      : []),
    ...(late === undefined ? [] : [["! ", "yellow", late] as const]),
    ...alarms.map(
      ({ level, message }) =>
        [
          level === "note" ? "- " : level === "due" ? "! " : "✗ ",
          level === "risk" ? "red" : level === "due" ? "yellow" : "dim",
          message,
        ] as const,
    ),
    ...held.map((what) => ["- ", "dim", `held ${what}`] as const),
    ...(waiting === undefined ? [] : [["- ", "dim", `waits its turn: ${waiting}`] as const]),
  ];
}

function brief(text: string, most: number): string {
  const [first = ""] = text.split("\n");
  return first.length > most ? `${first.slice(0, most).replace(/\s+\S*$/, "")} …` : first;
}

/** `Mon 14 Dec 2026 06:30 UTC`. */
export function instantText(instant: string): string {
  return `${show(instant.slice(0, 10))} ${instant.slice(11, 16)} UTC`;
}
