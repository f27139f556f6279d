import { groupEnforcement, instanceEnforcement } from "../../clients/gitlab/users/enforcement";
import { ownUser } from "../../clients/gitlab/users/users";
import { type Servers, servers } from "../../clients/servers";
import type * as contract from "../../contract/credential";
import type { LegacyEnd } from "../../contract/credential";
import type { InputsOf, OutputsOf } from "../../contract/form/declared";
import type { ProviderFunction } from "../host/provider";

/**
 * From when on GitLab refuses legacy tokens, as far as we may ask: each group as its Owner, the instance as an administrator.
 * What may not be asked is not known; it is declared in that case, or nothing is foreseen.
 */
export async function legacyEnds(
  groups: readonly string[],
  at: Servers,
  isAdministrator: boolean,
): Promise<LegacyEnd[]> {
  const asked = await Promise.all([
    end("", isAdministrator ? () => instanceEnforcement(at.gitlab()) : undefined),
    ...groups.map((group) => end(group, () => groupEnforcement(at.gitlab(), group))),
  ]);
  return asked.flatMap((one) => one ?? []);
}

async function end(place: string, ask?: () => Promise<string | undefined>): Promise<LegacyEnd | undefined> {
  const day = await ask?.().catch(() => undefined);
  return day === undefined ? undefined : { place, end: day };
}

/** Whether our own credential is an administrator's, and so may ask the instance for its settings. */
export async function mayAskInstance(at: Servers): Promise<boolean> {
  return at
    .remember("our own user", () => ownUser(at.gitlab()))
    .then(
      ({ administrator }) => administrator,
      () => false,
    );
}

/** The same, for the program to tell in a preview. A failing invoke would stop the run of every account: there is none. */
export const getLegacyEnds: ProviderFunction<
  InputsOf<typeof contract.getLegacyEnds>,
  OutputsOf<typeof contract.getLegacyEnds>
> = async ({ groups }, context) => {
  const at = servers(context);
  try {
    return { ends: await legacyEnds(groups, at, await mayAskInstance(at)) };
  } catch {
    // No credential, which every other question says.
    return { ends: [] };
  }
};
