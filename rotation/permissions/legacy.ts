import { type Day, days, daysBetween, show } from "../../ground/day";
import type { AccountDeclaration, Settings } from "../declaration/declaration";
import { rotatesItself } from "../declaration/self";
import type { Alarm } from "../health/seen";
import type { Finding } from "../plan/policies";

/** Days before the end of legacy tokens from which it is no warning any more. */
const endsSoonDays = 30;

/** From when on GitLab refuses legacy tokens, as it was asked: by top-level groups, `""` for the instance. */
export type LegacyEnds = ReadonlyMap<string, Day>;

/** The top-level groups of an account and of the places that its tokens work in. */
export function topGroups({
  account,
  proof,
  variables,
}: Pick<AccountDeclaration, "account" | "proof" | "variables">): string[] {
  const paths = [account, ...variables, ...proof].flatMap((one) => {
    const { group, project }: { readonly group?: string; readonly project?: string } = one;
    return [group, project].filter((path) => path !== undefined);
  });
  return [...new Set(paths.map((path) => path.split("/")[0] ?? path))];
}

/** The day from which an account's legacy tokens are refused: the first of those that GitLab told, and that is declared. */
export function legacyEndOf(account: AccountDeclaration, told: LegacyEnds, declared?: Day): Day | undefined {
  const asked = ["", ...topGroups(account)].map((place) => told.get(place));
  return [declared, ...asked].filter((end) => end !== undefined).sort()[0];
}

/** The settings as they hold for an account, with that day in them. */
export function withLegacyEnd<T extends { readonly legacyTokensEnd?: Day }>(
  settings: T,
  account: AccountDeclaration,
  told: LegacyEnds,
): T {
  const end = legacyEndOf(account, told, settings.legacyTokensEnd);
  return end === undefined ? settings : { ...settings, legacyTokensEnd: end };
}

/** Whether the end of legacy tokens concerns an account. */
export function hasLegacyTokens({ token, decommission }: Pick<AccountDeclaration, "token" | "decommission">): boolean {
  return token.permissions === undefined && decommission === undefined;
}

/** What the end of legacy tokens means for an account, in a sentence; nothing for one whose tokens are fine-grained. */
export function legacyEndText(account: AccountDeclaration, end: Day, today: Day): string | undefined {
  if (!hasLegacyTokens(account)) return undefined;
  const left = daysBetween(today, end);
  const when = left > 0 ? `From ${show(end)} on, in ${days(left)},` : `Since ${show(end)}`;
  const what = rotatesItself(account.account)
    ? "its token, a person's, is refused, and does not rotate"
    : "its tokens are legacy ones; GitLab lets service accounts be, for now";
  return `${when} legacy tokens are refused: ${what}. Migrate it before: npm run propose -- migrate ${account.name}`;
}

/** The same as an alarm: grave where a person's token stops working soon. */
export function legacyAlarms(account: AccountDeclaration, end: Day | undefined, today: Day): Alarm[] {
  const text = end === undefined ? undefined : legacyEndText(account, end, today);
  if (end === undefined || text === undefined) return [];
  const isGrave = rotatesItself(account.account) && daysBetween(today, end) <= endsSoonDays;
  return [{ level: isGrave ? "due" : "note", account: account.name, message: `${text}.` }];
}

/** The accounts whose tokens the declared end of legacy tokens ends. */
export function legacyFindings({ accounts, legacyTokensEnd: end }: Settings, today: Day): readonly Finding[] {
  if (end === undefined) return [];
  return accounts.flatMap((account): Finding[] => {
    const message = legacyEndText(account, end, today);
    if (message === undefined) return [];
    const isSoon = daysBetween(today, end) <= endsSoonDays;
    const severity = isSoon && rotatesItself(account.account) ? "error" : "warning";
    return [{ account: account.name, policy: "legacy-tokens", severity, message: `${message}.` }];
  });
}
