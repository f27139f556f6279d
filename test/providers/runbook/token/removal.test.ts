import { describe, expect, it } from "vitest";
import { personalAccessToken } from "../../../../providers/runbook/token/personalAccessToken";
import { benches, generationInputs, refusal, tokensPath } from "../bench";
import { withoutListing } from "../proxy";
import { tokens } from "../tokens";

const bench = benches();
const { created, live, revokeByHand } = tokens(bench);

describe("deleting", () => {
  it("a living token is refused, with what to do", async () => {
    const before = await created();
    const told = await refusal(personalAccessToken.delete?.(before, bench().context));
    expect(told).toContain(`refused, since its token ${before.outputs.tokenId} lives until 2027-11-23`);
    expect(told).toContain('set "onRemoval" to "revoke"');
    expect(live()).toHaveLength(1);
  });

  it("is refused while GitLab cannot be asked", async () => {
    const before = await created();
    process.env.GITLAB_TOKEN = bench().sandbox.gitlab.tokenValue("stranger");
    expect(await refusal(personalAccessToken.delete?.(before, bench().context))).toContain("could not be looked up");
  });

  it("a token that works is refused, although it is not listed", async () => {
    const before = await created();
    await withoutListing(before.outputs.tokenId, async () => {
      const told = await refusal(personalAccessToken.delete?.(before, bench().context));
      expect(told).toContain(`refused, since its token ${before.outputs.tokenId} lives until 2027-11-23`);
    });
  });

  it("a token that somebody revoked already is allowed", async () => {
    const before = await created();
    revokeByHand(before.outputs.tokenId);
    await personalAccessToken.delete?.(before, bench().context);
  });

  it("a token that is dead by its date is allowed, after GitLab was asked once, so that a wrong clock forgets nothing", async () => {
    const before = await created(generationInputs({ expiresAt: "2026-12-23" }));
    bench().tick({ days: 30 });
    bench().requests();
    await personalAccessToken.delete?.(before, bench().context);
    expect(bench().requests()).toEqual([`GET ${tokensPath} 200`]);
  });

  it("a token that is dead by its date is allowed also while GitLab cannot be asked", async () => {
    const before = await created(generationInputs({ expiresAt: "2026-12-23" }));
    bench().tick({ days: 30 });
    process.env.GITLAB_TOKEN = bench().sandbox.gitlab.tokenValue("stranger");
    await personalAccessToken.delete?.(before, bench().context);
  });

  it.each([
    ["revoke", 0],
    ["release", 1],
  ] as const)("with onRemoval %s leaves %i alive", async (onRemoval, left) => {
    const before = await created(generationInputs({ onRemoval }));
    await personalAccessToken.delete?.(before, bench().context);
    expect(live()).toHaveLength(left);
  });
});
