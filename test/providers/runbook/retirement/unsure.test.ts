import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { servers } from "../../../../clients/servers";
import type { RetirementInputs } from "../../../../contract/retirement";
import { clockFault } from "../../../../providers/runbook/account/credential";
import { benches, inventory } from "../bench";
import { withoutListing } from "../proxy";
import { endOf, successions } from "./successions";

const bench = benches();
const { minted, succession, blindSuccession, begun, live, revokeByHand } = successions(bench);

describe("the token that the run itself works with", () => {
  it.each([
    ["whose value is known", (inputs: RetirementInputs) => inputs],
    ["made by hand, whose value is not known", ({ token: _, ...inputs }: RetirementInputs) => inputs],
  ])("is not revoked, and the hold says what to set: one %s", async (_, known) => {
    const { sandbox, tick } = bench();
    const { old, fresh, inputs } = await succession({ quietHours: 24 });
    tick({ days: 7 });
    const user = sandbox.gitlab.state.userNamed(inventory.username);
    sandbox.gitlab.state.groups.get("security")?.members.set(user?.id ?? 0, 50);
    process.env.GITLAB_TOKEN = old.outputs.token;
    const { status, hold } = (await begun(known(inputs))).outputs;
    expect(status).toBe("live");
    expect(hold).toBe('this run itself works with it: set "GITLAB_TOKEN" to the new one');
    expect(live()).toEqual([old.outputs.tokenId, fresh.outputs.tokenId]);
  });
});

describe("a machine whose clock is wrong", () => {
  it.each([
    ["ahead of", -10],
    ["behind", 10],
  ])("retires nothing: ten days %s GitLab's", async (where, days) => {
    const old = await minted();
    const fresh = await minted({ generation: "2026-11-24" });
    const { generation, tokenId = 0, token = "" } = fresh.outputs;
    const requests: string[] = [];
    const server = createServer(({ method }, response) => {
      requests.push(method ?? "");
      const date = new Date(Date.now() + days * 86_400_000).toUTCString();
      const row = {
        name: "",
        description: "",
        scopes: [],
        user_id: 201,
        created_at: "2026-11-24T00:00:00Z",
        active: true,
      };
      const rows = [old.outputs.tokenId, tokenId].map((id) => ({ ...row, id }));
      response.writeHead(200, { "content-type": "application/json", date }).end(JSON.stringify(rows));
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    process.env.GITLAB_BASE_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    delete process.env.PAT_ROTATION_AS_OF;
    const successor = { generation, tokenId, token, provedAt: "2020-01-01T00:00:00Z" };
    const retire = { successor, overlapDays: 7, knownTokenIds: [tokenId] };
    const { hold } = (await begun(endOf(old, { retire }))).outputs;
    expect(hold).toBe(`the clock of this machine is 240 hours ${where} GitLab's: set it right, and run again`);
    expect(requests).toEqual(["GET"]);
    expect(clockFault(servers(bench().context))).toBe(hold);
    server.closeAllConnections();
    server.close();
  });
});

describe("a hand-made token whose value no place showed", () => {
  /** It, and its successor, a week later. */
  async function blind() {
    const { tick, said } = bench();
    const { before, fresh, tokenId, successor } = await blindSuccession();
    tick({ days: 7 });
    said.length = 0;
    const retire = { successor, overlapDays: 7, quietHours: 0, knownTokenIds: [tokenId] };
    return { fresh, inputs: endOf(before, { retire }) };
  }

  it("is kept while GitLab lists it neither as alive nor as dead", async () => {
    const { fresh, inputs } = await blind();
    await withoutListing(1202, async () => {
      expect((await begun(inputs)).outputs).toMatchObject({
        status: "live",
        hold: "GitLab lists it neither as alive nor as dead, and its value is not known: look at it in GitLab",
      });
    });
    expect(bench().said.join("\n")).toContain("it is kept until it expires on 2026-12-14");
    expect((await begun(inputs)).outputs.status).toBe("revoked");
    expect(
      bench()
        .sandbox.gitlab.liveTokens("gl-security-scanner")
        .map(({ id }) => id),
    ).toEqual([fresh.outputs.tokenId]);
  });

  it("is known as dead when GitLab lists it as dead", async () => {
    const { inputs } = await blind();
    revokeByHand(1202);
    expect((await begun(inputs)).outputs).toMatchObject({ status: "revoked", swept: true });
    expect(bench().said).toEqual([]);
  });
});
