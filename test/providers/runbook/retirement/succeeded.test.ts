import { describe, expect, it } from "vitest";
import { unknown } from "../../../../providers/host/provider";
import { retirement } from "../../../../providers/runbook/retirement/resource";
import { benches, refusal, tokensPath } from "../bench";
import { withoutListing } from "../proxy";
import { changes, itemPlace, successions } from "./successions";

const bench = benches();
const { succession, begun, again, setVariable, heldVariable, live, revokeByHand, use } = successions(bench);

describe("a token whose successor took over", () => {
  it("is revoked when that is proven, old enough and in place, and nothing is asked after that", async () => {
    const { old, fresh, inputs } = await succession();
    const { tick, requests } = bench();
    tick({ days: 7 });
    requests();
    const ended = await begun(inputs);
    expect(ended.id).toBe("inventory/2026-11-23");
    expect(ended.outputs).toEqual({
      account: "inventory",
      fleet: "security-platform",
      group: "security",
      generation: "2026-11-23",
      userId: 201,
      tokenId: old.outputs.tokenId,
      status: "revoked",
      hold: "",
      swept: true,
      sweptFor: { generation: "2026-11-24", tokenId: fresh.outputs.tokenId },
      revokedAt: process.env.PAT_ROTATION_AS_OF,
    });
    expect(live()).toEqual([fresh.outputs.tokenId]);
    expect(requests()).toEqual([
      `GET ${tokensPath} 200`,
      "GET /personal_access_tokens/self 200",
      "GET /projects/security/inventory-builder/variables/GITLAB_API_TOKEN 200",
      `DELETE ${tokensPath}/${old.outputs.tokenId} 204`,
    ]);
    expect(changes(ended, { ...inputs, consumers: [] })).toEqual([]);
  });

  it("is held during the overlap without a request, and not looked at again before its end", async () => {
    const { old, fresh, inputs } = await succession();
    const { tick, requests } = bench();
    tick({ days: 6 });
    requests();
    const held = await begun(inputs);
    expect(held.outputs.hold).toBe(
      'both tokens live on until 2026-12-01, 7 days after generation "2026-11-24" was proven',
    );
    expect(held.outputs).toMatchObject({ status: "live", swept: false });
    expect(live()).toEqual([old.outputs.tokenId, fresh.outputs.tokenId]);
    expect(changes(held)).toEqual([]);
    expect(requests()).toEqual([]);
    tick({ days: 1 });
    expect(changes(held)).toEqual(["status"]);
    expect((await again(held)).outputs.status).toBe("revoked");
  });

  it("is held while that is not proven, without a request", async () => {
    const { inputs } = await succession();
    bench().tick({ days: 30 });
    bench().requests();
    const { provedAt: _provedAt, ...successor } = inputs.retire.successor;
    const held = await begun({ ...inputs, retire: { ...inputs.retire, successor } });
    expect(held.outputs.hold).toBe('its successor, generation "2026-11-24", is not proven yet');
    expect(live()).toHaveLength(2);
    expect(bench().requests()).toEqual([]);
  });

  it("is held where none is declared", async () => {
    const { inputs } = await succession();
    const { retire: _retire, ...without } = inputs;
    bench().tick({ days: 30 });
    expect((await begun(without)).outputs).toMatchObject({ status: "live", hold: "no successor is declared" });
    expect(live()).toHaveLength(2);
  });

  it("is held while a place of its account holds another value", async () => {
    const { old, inputs } = await succession();
    setVariable(old.outputs.token);
    bench().tick({ days: 7 });
    expect((await begun(inputs)).outputs.hold).toContain(
      'variable "GITLAB_API_TOKEN" of project "security/inventory-builder" holds another value',
    );
    expect(live()).toHaveLength(2);
  });

  it("is held when that is dead", async () => {
    const { old, fresh, inputs } = await succession();
    revokeByHand(fresh.outputs.tokenId);
    bench().tick({ days: 7 });
    expect((await begun(inputs)).outputs.hold).toBe(
      `its successor, generation "2026-11-24" (token ${fresh.outputs.tokenId}), is dead`,
    );
    expect(live()).toEqual([old.outputs.tokenId]);
  });

  it("is held, and not forgotten, when it works although it is not listed", async () => {
    const { old, fresh, inputs } = await succession();
    bench().tick({ days: 7 });
    await withoutListing(old.outputs.tokenId, async () => {
      const held = await begun(inputs);
      expect(held.outputs).toMatchObject({ status: "live", swept: false });
      expect(held.outputs.hold).toBe("GitLab does not list it as alive, yet it works: look at it in GitLab");
    });
    expect(live()).toEqual([old.outputs.tokenId, fresh.outputs.tokenId]);
    expect((await begun(inputs)).outputs.status).toBe("revoked");
  });

  it("is held while somebody uses it, and revoked when it has been quiet for long enough", async () => {
    const { old, inputs } = await succession({ quietHours: 24 });
    const { tick } = bench();
    tick({ days: 7 });
    await use(old.outputs.token);
    const held = await begun(inputs);
    expect(held.outputs.hold).toMatch(
      /^it was last used at 2026-12-01T.*; it is revoked when it was unused for 24 hours/,
    );
    tick({ hours: 25 });
    expect((await again(held)).outputs.status).toBe("revoked");
  });

  it("names those to be asked whose consumers cannot be written, while somebody uses it", async () => {
    const external = [{ name: "laptop of the on-call", owner: "@security/architecture" }];
    const { old, inputs } = await succession({ quietHours: 720, external });
    const { tick } = bench();
    tick({ days: 7 });
    await use(old.outputs.token);
    const held = await begun(inputs);
    expect(held.outputs.hold).toMatch(
      /unused for 720 hours\. Ask @security\/architecture \(laptop of the on-call\), or find who else uses it, and hand over the new one$/,
    );
    tick({ days: 29 });
    expect((await again(held)).outputs.status).toBe("live");
    tick({ days: 1, hours: 1 });
    expect((await again(held)).outputs.status).toBe("revoked");
  });

  it("is revoked once more when the answer was lost", async () => {
    const { old, inputs } = await succession();
    const { sandbox, tick, requests } = bench();
    tick({ days: 7 });
    sandbox.gitlab.inject({ fault: { kind: "lost-answer" }, method: "DELETE" });
    requests();
    expect((await begun(inputs)).outputs.status).toBe("revoked");
    expect(requests().filter((request) => request.startsWith("DELETE"))).toHaveLength(2);
    expect(live()).not.toContain(old.outputs.tokenId);
  });

  it("shows in a preview what will be looked at, and reads nothing", async () => {
    const { inputs } = await succession();
    bench().tick({ days: 7 });
    const open = { status: unknown, hold: unknown, swept: unknown };
    bench().requests();
    expect(await retirement.previewCreate?.(inputs, bench().context)).toMatchObject(open);
    const outputs = { ...inputs, hold: "held", swept: false };
    const held = { id: "inventory/2026-11-23", inputs, outputs };
    expect(await retirement.previewUpdate?.(held, inputs, bench().context)).toMatchObject(open);
    const done = { ...held, outputs: { ...outputs, status: "revoked", hold: "", swept: true } as const };
    expect(await retirement.previewUpdate?.(done, inputs, bench().context)).toEqual(done.outputs);
    expect(bench().requests()).toEqual([]);
  });

  it("shows in a preview why it is held by the dates", async () => {
    const { inputs } = await succession();
    bench().requests();
    expect(await retirement.previewCreate?.(inputs, bench().context)).toMatchObject({
      status: "live",
      hold: 'both tokens live on until 2026-12-01, 7 days after generation "2026-11-24" was proven',
      swept: false,
    });
    expect(bench().requests()).toEqual([]);
  });
});

describe("a token that was retired when tokens still retired themselves", () => {
  it("is neither looked at nor swept after again", async () => {
    const { inputs } = await succession();
    bench().tick({ days: 30 });
    bench().requests();
    const { token: _token, ...old } = { ...inputs, status: "revoked", swept: true } as const;
    const done = await begun(old);
    expect(done.outputs).toMatchObject({ status: "revoked", hold: "", swept: true });
    expect(done.outputs).not.toHaveProperty("revokedAt");
    expect(changes(done)).toEqual([]);
    expect(bench().requests()).toEqual([]);
  });
});

describe("a status that there is not", () => {
  it("is refused, and one that is not known yet is none", () => {
    const faults = (status: unknown) => retirement.check?.({ group: "security", status }, bench().context);
    expect(faults("dead")).toEqual([
      { property: "status", reason: 'one of unminted, live, revoked, expired is needed, found "dead"' },
    ]);
    expect(faults(unknown)).toEqual([]);
  });
});

describe("an overlap of one day", () => {
  it("is not over at the next midnight, when its successor was proven in the evening", async () => {
    const { sandbox, tick } = bench();
    sandbox.clock.set("2026-11-23T22:30:00Z");
    tick();
    const { old, inputs } = await succession({ overlapDays: 1 });
    tick({ hours: 2 });
    const held = await begun(inputs);
    expect(held.outputs).toMatchObject({
      status: "live",
      hold: expect.stringContaining("both tokens live on until 2026-11-25T10:30"),
    });
    expect(live()).toContain(old.outputs.tokenId);
    tick({ hours: 11 });
    expect((await again(held)).outputs.status).toBe("revoked");
  });
});

describe("a hidden variable, which shows no value", () => {
  it("is set once more before the old token is revoked: an earlier value may have been put back", async () => {
    const { old, fresh, inputs } = await succession();
    const { tick, requests } = bench();
    Object.assign(heldVariable(), { hidden: true, masked: true, value: old.outputs.token });
    tick({ days: 7 });
    requests();
    expect((await begun(inputs)).outputs.status).toBe("revoked");
    expect(heldVariable().value).toBe(fresh.outputs.token);
    expect(requests().slice(-2)).toEqual([
      "PUT /projects/security/inventory-builder/variables/GITLAB_API_TOKEN 200",
      expect.stringMatching(/^DELETE /),
    ]);
  });

  it("holds the old token while it cannot be set", async () => {
    const { sandbox, tick } = bench();
    const { old, fresh, inputs } = await succession();
    Object.assign(heldVariable(), { hidden: true, masked: true, value: old.outputs.token });
    tick({ days: 7 });
    sandbox.gitlab.inject({ fault: { kind: "server-error" }, method: "PUT", path: "/variables/", times: 9 });
    expect((await begun(inputs)).outputs.hold).toContain("could not be set");
    expect(live()).toEqual([old.outputs.tokenId, fresh.outputs.tokenId]);
  });
});

describe("a place in 1Password", () => {
  it("whose field was cleared holds the old token up", async () => {
    const { inputs } = await succession({ consumers: [itemPlace(bench(), "gone")] });
    bench().tick({ days: 7 });
    expect((await begun(inputs)).outputs.hold).toContain("holds another value than the new token");
    expect(live()).toHaveLength(2);
  });
});

describe("no token value", () => {
  it("is said or thrown", async () => {
    const { inputs } = await succession();
    const { sandbox, said, tick } = bench();
    tick({ days: 7 });
    sandbox.gitlab.inject({ fault: { kind: "server-error" }, method: "DELETE", times: 2 });
    const told = await refusal(begun(inputs));
    expect(told).toMatch(/^retiring token \d+, generation "2026-11-23" of account "inventory": DELETE .* answered 500/);
    const everything = `${told}\n${said.join("\n")}`;
    for (const value of sandbox.gitlab.issuedTokens()) expect(everything).not.toContain(value);
  });
});
