import { afterEach, describe, expect, test } from "vitest";
import type { Sandbox } from "../../../workshop/sandbox/controls";
import { startSandbox } from "../../../workshop/sandbox/sandbox";
import { type Member, worldOf } from "../../../workshop/soak/fleet/fleet";
import type { Step } from "../../../workshop/soak/fleet/steps";
import type { Driver } from "../../../workshop/soak/levels/driver";
import { Stage } from "../../../workshop/soak/stage";

const member: Member = {
  ...{ at: 0, everyDays: 10, lifetimeDays: 40, overlapDays: 3, startsIn: 0, proof: "none", spare: false },
};
const users = "/groups/security/service_accounts/201/personal_access_tokens";

let sandbox: Sandbox | undefined;
afterEach(() => sandbox?.stop());

/** A stage whose product does as it is told. */
async function staged(product: (call: Call) => Promise<unknown>, state = () => "") {
  const history = { seed: 1, startsAt: "2026-11-23T06:00:00Z", members: [member], health: false, wrapped: false };
  const servers = await startSandbox({ world: worldOf(history.members, history.startsAt) });
  sandbox = servers;
  const call: Call = async (method, path, body) => {
    const { GITLAB_BASE_URL: url, GITLAB_TOKEN: token = "" } = servers.environment;
    const headers = { "private-token": token, "content-type": "application/json" };
    const answer = await fetch(`${url}/api/v4${path}`, {
      ...{ method, headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return answer.status === 204 ? {} : answer.json();
  };
  const nothing = () => undefined;
  const driver: Driver = {
    ...{ configure: nothing, backup: nothing, restore: nothing, forget: nothing, state, stored: () => [] },
    ...{ cancel: async () => undefined, stop: async () => undefined },
    run: async () => {
      await product(call);
      return { code: 0, printed: "" };
    },
  };
  const stage = new Stage({ ...history, steps: [] }, servers, driver);
  return async (...steps: readonly Step[]) => {
    for (const step of steps) await stage.play(step);
    return stage.watch.violations.map(({ judge, what }) => `${judge}: ${what}`);
  };
}

type Call = (method: string, path: string, body?: unknown) => Promise<unknown>;
const up: Step = { do: "run", command: "up" };
const days = (count: number): Step => ({ do: "pass", hours: 24 * count });

describe("a stage sees a product", () => {
  test("that revokes the token in a place", async () => {
    const play = await staged((call) => call("DELETE", `${users}/1201`));
    expect(await play(up)).toContain("early revocation: a token was revoked while a declared place held it");
  });

  test("that does nothing until a token dies in its place, or a rotation is late", async () => {
    const play = await staged(async () => undefined);
    const seen = await play(days(1), up, days(1), up, days(14), up, days(4));
    expect(new Set(seen)).toEqual(
      new Set([
        "late: a rotation that was due was not done",
        "dead place: a declared place held a dead token although a run had the chance",
      ]),
    );
  });

  test("that loses a token which it minted", async () => {
    const play = await staged(async (call) => {
      const mark = "[soak/a00/2026-11-23]";
      const body = { name: "a00", scopes: ["api"], expires_at: "2027-01-02", description: mark };
      const { id, token } = (await call("POST", users, body)) as { id: number; token: string };
      if (id > 1202) return;
      await call("PUT", "/projects/security%2Fa00/variables/GITLAB_API_TOKEN", { value: token });
    });
    expect(await play(up, days(5), up, days(1), up)).toContain("late: its places do not hold one living token");
  });

  test("and blames it for nothing that a person does", async () => {
    const play = await staged(async () => undefined);
    expect(await play({ do: "hand", at: 0, act: "rotate" }, days(1), up)).toEqual([]);
    expect(await play({ do: "hand", at: 0, act: "delete" }, up)).toEqual([]);
  });
});
