import type { Day } from "../../ground/day";
import type { Generation } from "./generations";

/** The generation that an edit asks to be in use, and that was not there before it: the next run mints it. */
export function newlyDue(
  now: readonly Generation[],
  old: readonly Generation[],
): (Generation & { readonly date: Day }) | undefined {
  const current = now.find(({ lifecycle }) => lifecycle === "current");
  if (current?.date === undefined || old.some(({ name }) => name === current.name)) return undefined;
  return { ...current, date: current.date };
}
