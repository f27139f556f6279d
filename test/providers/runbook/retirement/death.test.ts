import { afterEach, describe, expect, it } from "vitest";
import { declareAccounts, forgetAccounts } from "../../../../providers/runbook/account/declaredAccounts";
import { personalAccessToken } from "../../../../providers/runbook/token/personalAccessToken";
import { benches, inventory, refusal } from "../bench";
import { withClock } from "../proxy";
import { endOf, successions } from "./successions";

const bench = benches();
const { minted, begun, setVariable, live } = successions(bench);
afterEach(forgetAccounts);

describe("deletion with onRemoval revoke", () => {
  it("is refused while an account of the stack declares the same user, in upper or lower case", async () => {
    const { requests } = bench();
    const before = await minted({ onRemoval: "revoke" });
    const heir = { name: "renamed", username: "GL-Security-Inventory", rotates: true, places: [] };
    await declareAccounts({ accounts: [heir] }, bench().context);
    setVariable(before.outputs.token);
    requests();
    expect(await refusal(personalAccessToken.delete?.(before, bench().context))).toBe(
      `deleting generation "2026-11-23" of account "inventory": its token ${before.outputs.tokenId} lives on: account "renamed" of this stack declares the same user, and its places may hold it. To rename an account, give its old name in "formerly"; one that was replaced by force (--replace, --target-replace) is revoked by hand in GitLab when nothing uses it any more.`,
    );
    expect(requests().filter((request) => request.startsWith("DELETE"))).toEqual([]);
    expect(live()).toEqual([before.outputs.tokenId]);
  });

  it("is refused for the token that the run itself works with", async () => {
    const { sandbox } = bench();
    const before = await minted({ onRemoval: "revoke" });
    const user = sandbox.gitlab.state.userNamed(inventory.username);
    sandbox.gitlab.state.groups.get("security")?.members.set(user?.id ?? 0, 50);
    process.env.GITLAB_TOKEN = before.outputs.token;
    expect(await refusal(personalAccessToken.delete?.(before, bench().context))).toContain(
      'lives on: this run itself works with it: set "GITLAB_TOKEN" to another one',
    );
    expect(live()).toEqual([before.outputs.tokenId]);
  });
});

describe("the end of an account", () => {
  it("leaves alone the token that the run itself works with", async () => {
    const { sandbox } = bench();
    const before = await minted();
    const user = sandbox.gitlab.state.userNamed(inventory.username);
    sandbox.gitlab.state.groups.get("security")?.members.set(user?.id ?? 0, 50);
    process.env.GITLAB_TOKEN = before.outputs.token;
    expect(await refusal(begun(endOf(before, { decommission: "over" })))).toContain(
      'lives on: this run itself works with it: set "GITLAB_TOKEN" to another one',
    );
    expect(live()).toEqual([before.outputs.tokenId]);
  });
});

describe("a machine whose clock is wrong", () => {
  const clock = "the clock of this machine is 240 hours behind GitLab's: set it right, and run again";

  it("ends no account", async () => {
    const before = await minted();
    await withClock(10, async () => {
      expect(await refusal(begun(endOf(before, { decommission: "over" })))).toContain(`lives on: ${clock}`);
    });
    expect(live()).toEqual([before.outputs.tokenId]);
  });

  it("revokes nothing that is removed", async () => {
    const before = await minted({ onRemoval: "revoke" });
    await withClock(10, async () => {
      expect(await refusal(personalAccessToken.delete?.(before, bench().context))).toContain(`lives on: ${clock}`);
    });
    expect(live()).toEqual([before.outputs.tokenId]);
  });

  it("forgets nothing that is removed as expired, and lives", async () => {
    const { outputs, ...state } = await minted();
    const before = { ...state, outputs: { ...outputs, expiresAt: "2020-01-01" } };
    await withClock(-10, async () => {
      expect(await refusal(personalAccessToken.delete?.(before, bench().context))).toBe(
        'deleting generation "2026-11-23" of account "inventory": refused, since the clock of this machine is 240 hours ahead of GitLab\'s: set it right, and run again.',
      );
    });
  });
});
