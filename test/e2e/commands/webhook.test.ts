import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { engines } from "../engines";
import { inventory, Situation, scanner } from "../situation";

describe.each(engines)("the webhook, on the $name", (engine) => {
  let server: Server;
  let at: Situation;
  const bodies: { readonly event: string; readonly account: string; readonly id: string }[] = [];
  const isOf = (account: string) => bodies.filter((one) => one.account === account).map(({ event }) => event);

  beforeAll(async () => {
    server = createServer((request, response) => {
      let text = "";
      request.on("data", (chunk) => {
        text += chunk;
      });
      request.on("end", () => {
        bodies.push(JSON.parse(text));
        response.writeHead(204).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    at = await Situation.start(engine, {
      environment: ({ environment }) => ({ ...environment, PAT_ROTATION_WEBHOOK_URL: `http://127.0.0.1:${port}/hook` }),
    });
  });
  afterAll(async () => {
    await at.stop();
    await new Promise((resolve) => server.close(resolve));
  });

  test("is told of an account without an issue as of one with it: minted, failed, rotated", async () => {
    expect((await at.up()).code).toBe(0);
    expect(isOf("scanner")).toEqual([]);
    expect(isOf("inventory")).toEqual(["announced", "minted", "rotated", "announced"]);
    at.sandbox.clock.set("2026-11-30T06:30:00Z");
    at.sandbox.gitlab.armJob(scanner.project, scanner.job, { does: "fail" }, 1);
    expect((await at.up()).code).not.toBe(0);
    // The token made by hand dies too soon to be put back.
    expect(isOf("scanner")).toEqual(["minted", "failed"]);
    expect((await at.up()).code).toBe(0);
    expect(isOf("scanner").slice(2)).toEqual(["rotated"]);
  });

  test("is told nothing by a run that does nothing, or by a preview", async () => {
    const before = bodies.length;
    at.sandbox.clock.set("2026-12-07T06:30:00Z");
    expect((await at.preview()).code).toBe(0);
    expect(bodies).toHaveLength(before);
  });

  test("is told that places hold an earlier token again, and that an older one is held or revoked", async () => {
    at.sandbox.clock.set("2026-12-08T06:30:00Z");
    expect((await at.up()).code).toBe(0);
    expect(isOf("scanner").slice(3)).toEqual(["retired"]);
    at.sandbox.clock.set("2026-12-14T06:30:00Z");
    at.sandbox.gitlab.armJob(inventory.project, inventory.job, { does: "fail" }, 1);
    expect((await at.up()).code).not.toBe(0);
    expect(isOf("inventory").slice(5)).toEqual(["minted", "failed", "put-back"]);
    expect((await at.up()).code).toBe(0);
    at.sandbox.clock.set("2026-12-30T06:30:00Z");
    expect((await at.up()).code).toBe(0);
    expect(isOf("inventory").slice(8)).toEqual(["rotated", "retired"]);
    const before = bodies.length;
    expect((await at.up()).code).toBe(0);
    expect(bodies).toHaveLength(before);
  });

  test("is told each thing once, but for an issue that is found again on its day; and no token", () => {
    const others = bodies.filter(({ event }) => event !== "announced");
    expect(new Set(others.map(({ id }) => id)).size).toBe(others.length);
    const tokens = at.sandbox.gitlab.issuedTokens().filter((value) => JSON.stringify(bodies).includes(value));
    expect(tokens).toEqual([]);
  });
});
