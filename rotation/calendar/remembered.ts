import type { AccountDeclaration, Freeze } from "../declaration/declaration";

/** A pure function of an account, the freezes, a day, and the generations that wait their turn on it. */
type Asked<T> = (
  account: AccountDeclaration,
  freezes: readonly Freeze[],
  day: string,
  waiting?: readonly string[],
) => T;

/**
 * The same function, which reckons each answer once, for as long as the account and the freezes are there: the plan, the
 * calendar, the checks and the outputs ask for the same days of a thousand accounts.
 */
export function remembered<T>(asked: Asked<T>): Asked<T> {
  const all = new WeakMap<readonly Freeze[], WeakMap<AccountDeclaration, Map<string, T>>>();
  return (account, freezes, day, waiting = []) => {
    const ofFreezes = all.get(freezes) ?? new WeakMap<AccountDeclaration, Map<string, T>>();
    all.set(freezes, ofFreezes);
    const ofAccount = ofFreezes.get(account) ?? new Map<string, T>();
    ofFreezes.set(account, ofAccount);
    const key = [day, ...waiting].join(" ");
    const known = ofAccount.get(key);
    if (known !== undefined) return known;
    const answer = asked(account, freezes, day, waiting);
    ofAccount.set(key, answer);
    return answer;
  };
}
