import { describe, expect, it } from "vitest";
import type { SelfRotatingTokenInputs } from "../../../../contract/selfRotatingToken";
import { unknown } from "../../../../providers/host/provider";
import { selfRotatingToken } from "../../../../providers/runbook/self/selfRotatingToken";
import { kindsWorld } from "../../../e2e/rotation/kinds";
import { benches } from "../bench";
import { selfInputs, selfRotating } from "./selfRotating";

const bench = benches({ world: kindsWorld("owner") });

const { live, inVault, made: madeOf } = selfRotating(bench);

/** An account whose lifetime was raised: by its declaration, its token lives until November. */
const inputs = (changes: Partial<SelfRotatingTokenInputs> = {}) => selfInputs({ renewDays: 14, ...changes });

const rotations = () =>
  bench()
    .requests()
    .filter((request) => request.startsWith("POST /personal_access_tokens/self/rotate"));

/** What was made before its lifetime was raised. */
const made = (changes: Partial<SelfRotatingTokenInputs> = { expiresAt: "2027-01-10" }) => madeOf(inputs(changes));

type Made = Awaited<ReturnType<typeof made>>;
const changes = (before: Made, now = inputs()) => selfRotatingToken.diff?.(before, now).changes;

describe("a token that really dies before the declared day", () => {
  it("rotates once more in its generation, from the margin before its death on", async () => {
    const before = await made();
    bench().tick({ days: 33 });
    expect(changes(before)).toEqual({});
    bench().tick({ days: 1 });
    expect(changes(before)).toEqual({ status: "update" });
    const shown = await selfRotatingToken.previewUpdate?.(before, inputs(), bench().context);
    expect(shown).toMatchObject({ token: unknown, tokenId: unknown, status: "live", generation: "2026-11-23" });
    expect(bench().said.join("\n")).toContain(`token ${before.outputs.tokenId} rotates itself`);
    expect(rotations()).toEqual([]);
    const outputs = await selfRotatingToken.update?.(before, inputs(), bench().context);
    expect(rotations()).toEqual(["POST /personal_access_tokens/self/rotate 200"]);
    expect(live()).toMatchObject([{ rotatedFrom: before.outputs.tokenId, expiresAt: "2027-11-23" }]);
    expect(outputs).toMatchObject({
      tokenId: live()[0]?.id,
      token: live()[0]?.value,
      status: "live",
      generation: "2026-11-23",
      expiresAt: "2027-11-23",
      predecessor: { generation: "2026-11-23", tokenId: before.outputs.tokenId, expiresAt: "2027-01-10" },
    });
    expect(inVault()).toBe(live()[0]?.value);
    if (outputs === undefined) throw new Error("there is no update");
    expect(changes({ ...before, outputs })).toEqual({});
  });

  it("does so once where a run was killed after it, and before the state knew", async () => {
    const before = await made();
    bench().tick({ days: 34 });
    await selfRotatingToken.update?.(before, inputs(), bench().context);
    expect(rotations()).toHaveLength(1);
    const outputs = await selfRotatingToken.update?.(before, inputs(), bench().context);
    expect(rotations()).toEqual([]);
    expect(outputs).toMatchObject({ tokenId: live()[0]?.id, token: live()[0]?.value, expiresAt: "2027-11-23" });
  });

  it("does so in the run that opens the next generation as well, and not twice", async () => {
    const before = await made();
    bench().tick({ days: 34 });
    const next = inputs({ generation: "2026-12-21", expiresAt: "2027-12-21" });
    await selfRotatingToken.update?.(before, next, bench().context);
    expect(rotations()).toHaveLength(1);
    expect(live()).toMatchObject([{ expiresAt: "2027-12-21" }]);
  });

  it.each([
    ["where the declared day is its own", inputs({ expiresAt: "2027-01-10" })],
    ["where the declared day is earlier", inputs({ expiresAt: "2027-01-09" })],
  ])("is let be %s", async (_, declared) => {
    const before = await made();
    bench().tick({ days: 40 });
    expect(changes(before, declared)).toEqual({});
  });

  it("is let be where it was made by hand: its expiry is declared with it", async () => {
    const before = await made({ generation: "adopted" });
    bench().tick({ days: 15 });
    expect(changes(before, inputs({ generation: "adopted" }))).toEqual({});
  });
});
