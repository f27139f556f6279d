import { listTokens } from "../../providers/gitlab/api/tokens";
import { messageOf } from "../../providers/runbook/faults";
import { markOf } from "../../providers/runbook/mark";
import { findAccount } from "../../providers/runbook/preflight";
import type { Servers } from "../../providers/runbook/servers";
import { tokenOwner } from "../../providers/runbook/tokenOwner";
import type { StackHealth } from "../../reports/health";
import type { AccountDeclaration } from "../../rotation/declaration";
import { type AccountHealth, accountHealth, type ListedToken } from "../../rotation/health";
import { waiting } from "../../rotation/queue";
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

/** Looks how the tokens of a stack's accounts fare: one list of accounts for each owner, one of tokens for each account. */
export async function look(
  { stack, settings }: NamedSettings,
  at: Servers,
  { today, ids }: Known,
): Promise<StackHealth> {
  const waits = waiting(settings, today);
  const looks = await each(settings.accounts, async (declaration): Promise<AccountHealth | string> => {
    const { name } = declaration;
    try {
      const found = await findAccount(lookUp(settings.fleet, declaration), at);
      if (typeof found === "string") return `${name}: ${found}.`;
      const all = await listTokens(at.gitlab(), tokenOwner(declaration.account), found.id);
      const live = all.filter(({ active }) => active).map(listed);
      const marks = all.map(({ description }) => markOf(description));
      const names = [name, declaration.formerly];
      const ours = marks.filter((mark) => mark?.fleet === settings.fleet && names.includes(mark.account));
      return accountHealth(declaration, settings, live, today, {
        tokenIds: ids.get(name) ?? new Map(),
        dead: new Set(ours.flatMap((mark) => mark?.generation ?? [])),
        places: await heldPlaces(declaration, at),
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

function lookUp(fleet: string, { name, account }: AccountDeclaration) {
  const rest = { scopes: [], generations: [], variables: [], items: [], pipelines: [] };
  return { account: name, fleet, ...account, ...rest };
}

function listed({
  description,
  id,
  name,
  scopes,
  expiresAt,
  lastUsedAt,
}: Awaited<ReturnType<typeof listTokens>>[number]): ListedToken {
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
