import type { Mark } from "../../../rotation/mark";

const openedNow = new Set<string>();

/**
 * Notes that a generation was opened in this run: no earlier one can have made a token of it. Kept for the run, and for each
 * GitLab.
 */
export function noteOpening(of: Mark, gitlab: string): void {
  openedNow.add(keyOf(of, gitlab));
}

/** Whether a generation was opened in this very run. */
export function isOpenedNow(of: Mark, gitlab: string): boolean {
  return openedNow.has(keyOf(of, gitlab));
}

function keyOf({ fleet, account, generation }: Mark, gitlab: string): string {
  return JSON.stringify([gitlab, fleet, account, generation]);
}
