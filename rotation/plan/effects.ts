import type { Day } from "../../ground/day";
import { type Generation, generations } from "../calendar/generations";
import { newlyDue } from "../calendar/newlyDue";
import type { AccountDeclaration, Settings } from "../declaration/declaration";
import { placeTexts } from "../declaration/places";
import { predecessor, removedAccounts } from "./changes";

/** What the first run after an edit does because of it; dates that stand without it are not its effects. */
export interface Effects {
  /** Accounts that get a token which was not asked for before: names, and the day since when it is due. */
  readonly minted: readonly { readonly account: string; readonly generation: string; readonly since: Day }[];
  /** Accounts that go to another token which they have. */
  readonly switched: readonly string[];
  /** Accounts whose older token is to be revoked, with the day since when. */
  readonly retired: readonly { readonly account: string; readonly generation: string; readonly since: Day }[];
  /** Accounts whose hand-made token is taken over. */
  readonly adopted: readonly string[];
  /** Accounts whose token is put in further places. */
  readonly placed: readonly string[];
  /** Accounts that go, whose tokens are revoked. */
  readonly revoked: readonly string[];
  /** Accounts that go, whose tokens stay alive. */
  readonly released: readonly string[];
}

/** The effects of an edit on a day. */
export function effects(before: Settings, after: Settings, today: Day): Effects {
  const pairs = after.accounts.map((account) => {
    const was = predecessor(account, before);
    return {
      name: account.name,
      now: generations(account, after.freezes, today),
      old: was === undefined ? [] : generations(was, before.freezes, today),
      account,
      was,
    };
  });
  const gone = removedAccounts(before, after).filter(({ onRemoval }) => onRemoval !== "refuse");
  return {
    minted: pairs.flatMap(({ name, now, old }) => {
      const opening = newlyDue(now, old);
      return opening === undefined ? [] : [{ account: name, generation: opening.name, since: opening.date }];
    }),
    switched: pairs.flatMap(({ name, now, old }) => {
      const [next, last] = [currentOf(now)?.name, currentOf(old)?.name];
      return next !== undefined && next !== last && old.some((one) => one.name === next) ? [name] : [];
    }),
    retired: pairs.flatMap(({ name, now, old }) =>
      now.flatMap((one) => {
        const was = old.find(({ name: other }) => other === one.name)?.lifecycle;
        // The overlap counts from the proof of the one that the same run mints.
        if (one.overlapDays > 0 && newlyDue(now, old) !== undefined) return [];
        const asked = one.lifecycle === "retired" && was !== undefined && was !== "retired" && today < one.expiresAt;
        return asked ? [{ account: name, generation: one.name, since: one.retireOn }] : [];
      }),
    ),
    adopted: pairs.flatMap(({ name, account, was }) =>
      account.adopt !== undefined && was?.adopt?.tokenId !== account.adopt.tokenId ? [name] : [],
    ),
    placed: pairs.flatMap(({ name, account, was, now }) =>
      was !== undefined && now.length > 0 && hasNewPlace(was, account) ? [name] : [],
    ),
    revoked: gone.filter(({ onRemoval }) => onRemoval === "revoke").map(({ name }) => name),
    released: gone.filter(({ onRemoval }) => onRemoval === "release").map(({ name }) => name),
  };
}

/** The generation that is asked to be in use. */
export function currentOf(all: readonly Generation[]): Generation | undefined {
  return all.find(({ lifecycle }) => lifecycle === "current");
}

function hasNewPlace(was: AccountDeclaration, now: AccountDeclaration): boolean {
  const written = (account: AccountDeclaration) => placeTexts(account);
  const old = written(was);
  return written(now).some((place) => !old.includes(place));
}
