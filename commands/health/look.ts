import { messageOf } from "../../clients/faults";
import type { Token } from "../../clients/gitlab/users/tokens";
import type { Servers } from "../../clients/servers";
import { tokensOf } from "../../providers/runbook/account/keptIn";
import { legacyEnds, mayAskInstance } from "../../providers/runbook/legacyEnds";
import { findAccount } from "../../providers/runbook/preflight/preflight";
import type { StackHealth } from "../../reports/health";
import { firstRotation } from "../../rotation/calendar/generations";
import { waiting as waitingIn } from "../../rotation/calendar/queue";
import type { Settings } from "../../rotation/declaration/declaration";
import { keptIn, rotatesItself } from "../../rotation/declaration/self";
import { isOf } from "../../rotation/health/alarms";
import { type AccountHealth, accountHealth } from "../../rotation/health/health";
import type { ListedToken } from "../../rotation/health/seen";
import { markOf } from "../../rotation/mark";
import { hasLegacyTokens, type LegacyEnds, topGroups, withLegacyEnd } from "../../rotation/permissions/legacy";
import { accountsOf, each, type NamedSettings } from "../command";
import { whoseTokens } from "../whose";
import { memberships, roleOf } from "./memberships";
import { heldPlaces } from "./places";
import type { Standing } from "./state";

/** What is known of a run's day and state. */
export interface Known extends Pick<Standing, "ids" | "opened" | "left"> {
  /** The UTC day. */
  readonly today: string;
}

/** What was seen of one account, and what of it could not be looked at, in sentences. */
interface Looked {
  readonly health?: AccountHealth;
  readonly unchecked: readonly string[];
}

/**
 * Looks how the tokens of a stack's accounts fare: one list of accounts for each owner, one of tokens for each account. A
 * plain user's tokens nobody may list: of them those are known that its places hold.
 */
export async function look(
  named: NamedSettings,
  at: Servers,
  { today, ids, opened, left }: Known,
): Promise<StackHealth> {
  const { stack, settings } = named;
  const waits = waitingIn(settings, today);
  const ends = await endsOf(settings, at);
  const looks = await each(accountsOf(named), async (declaration): Promise<Looked> => {
    const { name } = declaration;
    try {
      // Before the places: trying what they hold counts as its use.
      const user = rotatesItself(declaration.account) ? undefined : await findAccount(declaration.account, at);
      if (typeof user === "string") return { unchecked: [`${name}: ${user}.`] };
      const unlisted: string[] = [];
      const tokens =
        user &&
        (await tokensOf(whoseTokens(declaration, user.id), at).catch((error: unknown) => {
          if (keptIn(declaration) === undefined) throw error;
          // What its places hold is looked at all the same: that nobody can list its tokens is no reason to pass over a dead one.
          unlisted.push(`${name}: its tokens could not be listed: ${messageOf(error)}.`);
          return undefined;
        }));
      const members = user && (await memberships(declaration, user.id, at));
      const waiting = waits.get(name)?.generations;
      const isMinted = (tokens ?? []).some(({ description }) => isOf(markOf(description), declaration, settings));
      const firstOn = isMinted ? undefined : firstRotation(declaration, settings.freezes, today, waiting);
      const { places, met } = await heldPlaces(declaration, at, firstOn);
      const all = tokens ?? met;
      const live = all.filter(({ active }) => active).map(listed);
      const marks = all.map(({ description }) => markOf(description));
      const ours = marks.filter((mark) => isOf(mark, declaration, settings));
      const health = accountHealth(declaration, withLegacyEnd(settings, declaration, ends), live, today, {
        tokenIds: ids.get(name) ?? new Map(),
        opened: opened.get(name) ?? [],
        left: left.get(name),
        dead: new Set(ours.flatMap((mark) => mark?.generation ?? [])),
        places,
        memberships: members?.alarms ?? [],
        waiting,
      });
      return { health, unchecked: [...unlisted, ...(members?.unchecked ?? [])] };
    } catch (error) {
      return { unchecked: [`${name}: ${messageOf(error)}.`] };
    }
  });
  return {
    stack,
    accounts: looks.flatMap(({ health }) => health ?? []),
    unchecked: looks.flatMap(({ unchecked }) => unchecked),
  };
}

/** From when on GitLab refuses legacy tokens; not asked where no account has any. */
async function endsOf({ accounts }: Settings, at: Servers): Promise<LegacyEnds> {
  const concerned = accounts.filter(hasLegacyTokens);
  if (concerned.length === 0) return new Map();
  const groups = [...new Set(concerned.flatMap(topGroups))];
  const told = await legacyEnds(groups, at, await mayAskInstance(at));
  return new Map(told.map(({ place, end }) => [place, end]));
}

function listed({
  description,
  id,
  name,
  scopes,
  granularScopes,
  accessLevel,
  expiresAt,
  lastUsedAt,
}: Token): ListedToken {
  const mark = markOf(description);
  return {
    id,
    name,
    scopes,
    ...(granularScopes === undefined ? {} : { permissions: granularScopes.flatMap(({ permissions }) => permissions) }),
    ...(accessLevel === undefined ? {} : { role: roleOf(accessLevel) }),
    ...(mark === undefined ? {} : { mark }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(lastUsedAt === undefined ? {} : { lastUsedAt }),
  };
}
