import type { SelfRotatingTokenInputs } from "../../../../contract/selfRotatingToken";
import { selfRotatingToken } from "../../../../providers/runbook/self/selfRotatingToken";
import { username } from "../../../e2e/rotation/kinds";
import type { Bench } from "../bench";

/** The account's token as it is declared for its first rotation. */
export function selfInputs(changes: Partial<SelfRotatingTokenInputs> = {}): SelfRotatingTokenInputs {
  return {
    account: "self",
    fleet: "platform",
    username: username("self"),
    userId: 205,
    generation: "2026-11-23",
    name: "self",
    scopes: ["api"],
    expiresAt: "2027-11-23",
    place: { vault: "Security", item: "self", field: "credential" },
    adopt: { tokenId: 1205, expiresAt: "2026-12-14" },
    onRemoval: "refuse",
    ...changes,
  };
}

/** What the tests of a token that rotates itself do, on the bench of each. */
export function selfRotating(bench: () => Bench) {
  return {
    live: () => bench().sandbox.gitlab.liveTokens(username("self")),
    inVault: (field = "credential") => bench().sandbox.onepassword.field("Security", "self", field),
    /** As the first run leaves it. */
    made: async (declared: SelfRotatingTokenInputs) => {
      const { id, outputs } = await selfRotatingToken.create(declared, bench().context);
      bench().requests();
      return { id, inputs: declared, outputs };
    },
  };
}
