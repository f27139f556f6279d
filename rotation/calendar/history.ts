import { type Day, daysBetween, show } from "../../ground/day";
import type { AccountDeclaration, Settings } from "../declaration/declaration";
import { longestGap } from "./calendar";
import { type Generation, generations } from "./generations";

/** An edit of the declaration that takes a generation which lives out of its calendar. */
export interface Rewrite {
  /** Name of the account, as the declaration has it now; as it had it, when it is gone. */
  readonly account: string;
  /** Name of the generation that would vanish. */
  readonly generation: string;
  /** What it was asked to be before the edit. */
  readonly lifecycle: Generation["lifecycle"];
  /** Whether a generation of another date takes its place, it is simply gone, or the whole account is. */
  readonly kind: "re-dated" | "vanished" | "removed";
  /** The generation that takes its place. */
  readonly becomes?: string;
  /** What is wrong and what to do, in sentences. */
  readonly explanation: string;
}

/**
 * What an edit does to the generations that live on a day. An empty answer: each of them is still declared.
 *
 * Edits that only bear on the future, extra dates among them, are none. An account that says what is to be done with its
 * tokens (`onRemoval: revoke` or `release`) may go.
 */
export function rewrites(before: Settings, after: Settings, today: Day): readonly Rewrite[] {
  return before.accounts.flatMap((account) => {
    const live = generations(account, before.freezes, today).filter(({ expiresAt }) => today < expiresAt);
    const kept = successor(account, after);
    if (kept === undefined) return isKept(account) ? live.map((one) => removed(account, one)) : [];
    const now = generations(kept, after.freezes, today);
    const names = new Set(now.map(({ name }) => name));
    const added = now.filter(({ name }) => live.every((one) => one.name !== name));
    return live.filter(({ name }) => !names.has(name)).map((one) => changed(kept, one, added));
  });
}

/** One that says what becomes of its tokens may go. */
function isKept({ onRemoval, decommission }: AccountDeclaration): boolean {
  return onRemoval === "refuse" && decommission === undefined;
}

function successor({ name }: AccountDeclaration, after: Settings): AccountDeclaration | undefined {
  return (
    after.accounts.find((account) => account.name === name) ??
    after.accounts.find((account) => account.formerly === name)
  );
}

function removed({ name }: AccountDeclaration, { name: generation, lifecycle, expiresAt }: Generation): Rewrite {
  const explanation =
    `Account "${name}" is no longer declared, but its token ${generation} lives until ${show(expiresAt)}. ` +
    `Bring the account back; to end it, first set onRemoval to revoke or release and run; to rename it, say formerly: ${name}.`;
  return { account: name, generation, lifecycle, kind: "removed", explanation };
}

function changed(kept: AccountDeclaration, one: Generation, added: readonly Generation[]): Rewrite {
  const { name: account, rotation } = kept;
  const { name: generation, lifecycle, expiresAt, date } = one;
  const lives = `Generation ${generation} of "${account}" lives until ${show(expiresAt)}, and is no longer declared`;
  if (date === undefined) {
    const explanation = `${lives}. Keep adopt, with its tokenId and expiresAt, until then.`;
    return { account, generation, lifecycle, kind: "vanished", explanation };
  }
  const remedy = `Take the edit back, or keep ${date} among extraDates until then.`;
  const nearest = added
    .flatMap(({ name, date: day }) => (day === undefined ? [] : [{ name, distance: Math.abs(daysBetween(date, day)) }]))
    .filter(({ distance }) => distance <= longestGap(rotation) / 2)
    .sort((a, b) => a.distance - b.distance)[0];
  return nearest === undefined
    ? { account, generation, lifecycle, kind: "vanished", explanation: `${lives}. ${remedy}` }
    : {
        account,
        generation,
        lifecycle,
        kind: "re-dated",
        becomes: nearest.name,
        explanation: `${lives}: ${nearest.name} would take its place. ${remedy}`,
      };
}
