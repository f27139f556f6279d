import type { GitLab } from "../../clients/gitlab/client";
import { revokeToken } from "../../clients/gitlab/users/tokens";
import { servers } from "../../clients/servers";
import type { Settings } from "../../rotation/declaration/settings";
import { each } from "../command";
import { exitCodes } from "../exitCodes";
import { heldPlaces } from "../health/places";
import type { Found } from "./find";

/** How to deal with a token that no declaration explains. */
export interface UndeclaredOptions {
  readonly gitlab: GitLab;
  readonly settings: Settings;
  readonly environment: NodeJS.ProcessEnv;
  /** Whether it may be revoked: `--revoke-undeclared`, and no dry run. */
  readonly revokes: boolean;
  readonly say: (text: string) => void;
}

/**
 * Revokes a token that no declaration explains, if that was asked for; never one that a declared place holds, since nothing
 * takes its place. Answers one of {@link exitCodes}.
 */
export async function endUndeclared(
  id: number,
  found: Found & { kind: "undeclared" },
  { gitlab, settings, environment, revokes, say }: UndeclaredOptions,
): Promise<number> {
  say(`Token ${id}: ${found.told}.`);
  if (found.fleet !== undefined) {
    say(
      `Nothing was done: its mark says that the fleet "${found.fleet}" rotates it, and here it is never touched. Run this where that fleet is declared.`,
    );
    return exitCodes.unknown;
  }
  if (!revokes) {
    say("Nothing was done. To revoke it, although nothing takes its place, add --revoke-undeclared.");
    return exitCodes.unknown;
  }
  const { holders, unread } = await holdersOf(id, settings, environment);
  for (const one of unread) say(`Not looked at: ${one}`);
  if (holders.length > 0) {
    say(
      `Nothing was done: ${holders.join("; ")} ${holders.length === 1 ? "holds" : "hold"} it, and would hold a dead token. Put another one there first: npm run up sets a declared account's places. To have this one replaced as it ends, declare it under "adopt", and run this again.`,
    );
    return exitCodes.alive;
  }
  await revokeToken(found.by ?? gitlab, found.owner, found.userId, id);
  say(`Token ${id} is revoked. Nothing took its place: whatever used it fails from now on.`);
  return exitCodes.fine;
}

/** The declared places of all accounts that hold a token, and those that could not be read. */
async function holdersOf(id: number, { accounts }: Settings, environment: NodeJS.ProcessEnv) {
  const at = servers({ signal: new AbortController().signal }, environment);
  const held = await each(accounts, async (declaration) =>
    // An item of its own that is not there holds nothing.
    (await heldPlaces(declaration, at, declaration.rotation.startsOn)).places.map((one) => ({
      ...one,
      account: declaration.name,
    })),
  );
  const title = ({ place, account }: { place: string; account: string }) => `${place} (account "${account}")`;
  return {
    holders: held.flat().flatMap((one) => (one.tokenId === id ? [title(one)] : [])),
    unread: held.flat().flatMap((one) => {
      if (typeof one.unknown === "object" && "because" in one.unknown)
        return [`${title(one)}: ${one.unknown.because}.`];
      return one.unknown === "hidden" ? [`${title(one)}: GitLab does not show its value.`] : [];
    }),
  };
}
