import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { PartialFailure, type Resource } from "../../../../providers/host/provider";
import { declareAccounts, forgetAccounts } from "../../../../providers/runbook/account/declaredAccounts";
import { step } from "../../../../providers/runbook/step";
import { webhookTold } from "../../../../providers/runbook/tracking/happenings";

interface Body {
  readonly event: string;
  readonly id: string;
  readonly text: string;
}

type Properties = Readonly<Record<string, unknown>>;

let server: Server;
let bodies: Body[];
let answer: number;
let warned: string[];

beforeEach(async () => {
  bodies = [];
  warned = [];
  answer = 200;
  server = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk) => {
      text += chunk;
    });
    request.on("end", () => {
      bodies.push(JSON.parse(text));
      response.writeHead(answer).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  vi.stubEnv("PAT_ROTATION_WEBHOOK_URL", `http://127.0.0.1:${port}/hooks/secret-part`);
  await declareAccounts({ accounts: [], fleet: "platform" }, context());
});
afterEach(async () => {
  vi.unstubAllEnvs();
  forgetAccounts();
  await new Promise((resolve) => server.close(resolve));
});

function context(component = "pat-rotation:index:Account$") {
  const say = (message: string) => {
    warned.push(message);
  };
  return {
    urn: `urn:pulumi:prod::pat-rotation::${component}runbook:index:Any::inventory`,
    name: "inventory",
    signal: new AbortController().signal,
    log: { info: () => undefined, warn: say, status: () => undefined },
  };
}

const known = { account: "inventory", generation: "2026-11-23", tokenId: 7, expiresAt: "2027-11-23" };

/** Takes a step that leaves that, or fails with it, after another that left something; answers what the webhook was told. */
async function told(
  type: string,
  inputs: Properties,
  left: Properties | Error,
  before?: Properties,
  at = context(),
): Promise<Body[]> {
  bodies = [];
  const act = async () => {
    if (left instanceof Error) throw left;
    return { ...inputs, ...left };
  };
  const plain: Resource<Properties, Properties> = {
    diff: () => ({ changes: { any: "update" } }),
    create: async () => ({ id: "x", outputs: await act() }),
    update: act,
  };
  const taken = step(`runbook:index:${type}`, plain);
  if (before === undefined) await taken.create(inputs, at);
  else await taken.update?.({ id: "x", inputs, outputs: { ...inputs, ...before } }, inputs, at);
  await webhookTold();
  return bodies;
}

const ids = (all: readonly Body[]) => all.map(({ event, id }) => [event, id]);

describe("an account without an issue", () => {
  test("is told of when a token is minted, and of no step that does nothing", async () => {
    const live = { status: "live" };
    const [minted, ...others] = await told("PersonalAccessToken", known, live);
    expect(minted).toEqual({
      version: 1,
      id: "platform/inventory/2026-11-23/minted/7",
      event: "minted",
      fleet: "platform",
      account: "inventory",
      generation: "2026-11-23",
      at: expect.stringMatching(/^\d{4}-/),
      text: 'Token 7 of "inventory" (generation 2026-11-23) is minted; it lives until 2027-11-23.',
    });
    expect(others).toEqual([]);
    expect(await told("PersonalAccessToken", known, live, live)).toEqual([]);
    expect(await told("TokenProof", known, { testedAt: "2026-11-23T06:30:00Z" })).toEqual([]);
  });

  test("is told of when it is proven, and when its places hold the earlier token again", async () => {
    const passed = { status: "passed", provedAt: "2026-11-23T06:31:00Z" };
    expect(ids(await told("PipelineProof", known, passed, { status: "running" }))).toEqual([
      ["rotated", "platform/inventory/2026-11-23/rotated"],
    ]);
    const failed = { ...known, status: "failed", attempts: 2, putBack: true, fault: "" };
    const back = await told("PipelineProof", known, new PartialFailure(["red"], "x", failed), { status: "running" });
    expect(ids(back)).toEqual([
      ["put-back", "platform/inventory/2026-11-23/put-back/2"],
      ["failed", expect.stringMatching(/^platform\/inventory\/2026-11-23\/failed\/[0-9a-f]{16}$/)],
    ]);
  });

  test("is told of when a token is revoked, and once when something holds it", async () => {
    const inputs = { ...known, status: "live" };
    const held = { status: "live", hold: "its successor is not proven" };
    expect(await told("Retirement", inputs, held)).toMatchObject([
      {
        event: "held",
        id: "platform/inventory/2026-11-23/held/7",
        text: 'Token 7 of "inventory" (generation 2026-11-23) was to be revoked, and lives on: its successor is not proven.',
      },
    ]);
    expect(await told("Retirement", inputs, { ...held, hold: "it was used today" }, held)).toEqual([]);
    expect(ids(await told("Retirement", inputs, { status: "revoked", hold: "" }, held))).toEqual([
      ["retired", "platform/inventory/2026-11-23/retired/7"],
    ]);
    const dead = { ...known, status: "revoked" };
    expect(await told("Retirement", dead, { status: "revoked", hold: "" })).toEqual([]);
  });

  test("is told of once when a step fails of the same in each run; what it failed of is not sent", async () => {
    const secret = ["gl", "pat-", "a1".repeat(10)].join("");
    const [first, ...others] = await told("Placement", known, new Error(`no ${secret}`));
    expect(first?.text).toBe(
      'Rotating the token of "inventory" (generation 2026-11-23) failed: the output of the run tells of what.',
    );
    expect(others).toEqual([]);
    const fault = "no [secret]";
    expect(await told("Placement", known, new Error(fault), { fault })).toEqual([]);
    expect(await told("Placement", known, new Error("another"), { fault })).toHaveLength(1);
    const stopped = { ...known, stoppedBy: "the mint was refused" };
    expect(await told("Placement", stopped, {})).toEqual([]);
  });

  test("whose declaration cannot be used is told of without a generation", async () => {
    const inputs = { account: "inventory", fleet: "other", generations: [] };
    const [failed] = await told("Account", inputs, new Error("no username"));
    expect([failed?.id.slice(0, 28), failed?.text]).toEqual([
      "other/inventory/none/failed/",
      'Rotating the token of "inventory" failed: the output of the run tells of what.',
    ]);
  });
});

test("with an issue only what the issue is not told is told here", async () => {
  const inputs = { ...known, issue: { project: "a/b", fleet: "platform", account: "inventory" } };
  expect(ids(await told("PersonalAccessToken", inputs, { status: "live" }))).toHaveLength(1);
  expect(await told("PipelineProof", inputs, { status: "passed", provedAt: "x" })).toEqual([]);
  expect(await told("Retirement", { ...inputs, status: "live" }, { status: "revoked" })).toEqual([]);
  expect(await told("Placement", inputs, new Error("red"))).toEqual([]);
});

test("nothing is sent where no webhook is configured, of a step outside of an account, or of an unknown fleet", async () => {
  await expect(told("Placement", known, new Error("red"), undefined, context(""))).rejects.toThrow("red");
  expect(await told("PersonalAccessToken", known, { status: "live" }, undefined, context(""))).toEqual([]);
  forgetAccounts();
  expect(await told("PersonalAccessToken", known, { status: "live" })).toEqual([]);
  await declareAccounts({ accounts: [], fleet: "platform" }, context());
  vi.stubEnv("PAT_ROTATION_WEBHOOK_URL", "");
  expect(await told("PersonalAccessToken", known, { status: "live" })).toEqual([]);
});

test("no step waits for the webhook; one that is down is not tried again and again", async () => {
  answer = 500;
  const before = performance.now();
  const plain: Resource<Properties, Properties> = {
    create: async (inputs) => ({ id: "x", outputs: { ...inputs, status: "live" } }),
  };
  const minting = step("runbook:index:PersonalAccessToken", plain);
  for (let tokenId = 1; tokenId <= 5; tokenId++) await minting.create({ ...known, tokenId }, context());
  expect(performance.now() - before).toBeLessThan(900);
  await webhookTold();
  // Each twice.
  expect(bodies).toHaveLength(4);
  expect(warned.filter((line) => line.includes("it answered 500"))).toHaveLength(2);
  expect(warned.at(-1)).toContain("is not tried any more in this run");
  expect(warned.join()).not.toContain("secret-part");
});
