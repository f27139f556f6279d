import { ownerOf } from "../../providers/gitlab/api/owner";
import { listTokens, type Token } from "../../providers/gitlab/api/tokens";
import { messageOf } from "../../providers/runbook/faults";
import { markOf } from "../../providers/runbook/mark";
import { findAccount } from "../../providers/runbook/preflight";
import type { Servers } from "../../providers/runbook/servers";
import type { StackHealth } from "../../reports/health";
import { isOf } from "../../rotation/alarms";
import type { AccountUser } from "../../rotation/declaration";
import { type AccountHealth, accountHealth, type ListedToken } from "../../rotation/health";
import { waiting } from "../../rotation/queue";
import { rotatesItself } from "../../rotation/self";
import { each, type NamedSettings } from "../command";
import { heldPlaces } from "./places";
import type { KnownIds } from "./state";

/** What is known of a run's day and state. */
export interface Known {
  /** The UTC day. */
  readonly today: string;
  /** Ids of tokens by account and generation, where the state could be read. */
  readonly ids: KnownIds;
}

/**
 * Looks how the tokens of a stack's accounts fare: one list of accounts for each owner, one of tokens for each account. A
 * plain user's tokens nobody may list: of them those are known that its places hold.
 */
export async function look(
  { stack, settings }: NamedSettings,
  at: Servers,
  { today, ids }: Known,
): Promise<StackHealth> {
  const waits = waiting(settings, today);
  const looks = await each(settings.accounts, async (declaration): Promise<AccountHealth | string> => {
    const { name } = declaration;
    try {
      // Before the places: trying what they hold counts as its use.
      const tokens = rotatesItself(declaration.account) ? undefined : await allTokens(declaration.account, at);
      if (typeof tokens === "string") return `${name}: ${tokens}.`;
      const { places, met } = await heldPlaces(declaration, at);
      const all = tokens ?? met;
      const live = all.filter(({ active }) => active).map(listed);
      const marks = all.map(({ description }) => markOf(description));
      const ours = marks.filter((mark) => isOf(mark, declaration, settings));
      return accountHealth(declaration, settings, live, today, {
        tokenIds: ids.get(name) ?? new Map(),
        dead: new Set(ours.flatMap((mark) => mark?.generation ?? [])),
        places,
        waiting: waits.get(name)?.generation,
      });
    } catch (error) {
      return `${name}: ${messageOf(error)}.`;
    }
  });
  return {
    stack,
    accounts: looks.filter((one) => typeof one !== "string"),
    unchecked: looks.filter((one) => typeof one === "string"),
  };
}

/** Every token of an account, by one list; or why there is none. */
async function allTokens(account: AccountUser, at: Servers): Promise<Token[] | string> {
  const found = await findAccount(account, at);
  return typeof found === "string" ? found : listTokens(at.gitlab(), ownerOf(account), found.id);
}

function listed({ description, id, name, scopes, expiresAt, lastUsedAt }: Token): ListedToken {
  const mark = markOf(description);
  return {
    id,
    name,
    scopes,
    ...(mark === undefined ? {} : { mark }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(lastUsedAt === undefined ? {} : { lastUsedAt }),
  };
}
