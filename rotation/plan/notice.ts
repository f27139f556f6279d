import { addDays, type Day } from "../../ground/day";
import { type Generation, generations, nextOpening } from "../calendar/generations";
import type { AccountDeclaration, Freeze } from "../declaration/declaration";

/**
 * The generation whose rotation is to be announced on a day: the next one to take over, from `noticeDays` before its date.
 * Nothing when the account declares no issue, or when another one is held on that date.
 */
export function announced(account: AccountDeclaration, freezes: readonly Freeze[], today: Day): Generation | undefined {
  if (account.issue === undefined) return undefined;
  const { date } = nextOpening(account, freezes, today);
  if (addDays(date, -account.issue.noticeDays) > today) return undefined;
  const next = generations(account, freezes, date).find(({ lifecycle }) => lifecycle === "current");
  return next?.date === date ? next : undefined;
}
