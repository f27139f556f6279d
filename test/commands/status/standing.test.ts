import { expect, test } from "vitest";
import { standingOf } from "../../../commands/status/standing";
import { storedIn } from "../../../commands/status/state";
import { life } from "../../../reports/life";
import type { StackStatus } from "../../../reports/standing";
import { status } from "../../../reports/status";
import { parseSettings } from "../../../rotation/declaration/settings";

const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:c2VjcmV0" };

const settings = parseSettings({
  fleet: "test",
  accounts: [
    {
      name: "inventory",
      account: { group: "security", username: "gl-inventory" },
      token: { name: "Inventory", description: "Reads", scopes: ["read_api"] },
      rotation: { startsOn: "2026-11-23", extraDates: [{ date: "2026-12-14", reason: "somebody left" }] },
      variables: [{ project: "security/builder", key: "TOKEN" }],
      proof: [{ project: "security/builder", schedule: "Weekly" }],
    },
  ],
});
const [inventory] = settings.accounts;

/** A state in which the proof of 2026-12-14 stands as given. */
function state(proof: object, { hold = "", failed }: { readonly hold?: string; readonly failed?: string } = {}) {
  const account = "inventory";
  const link = "https://gitlab.example.com/security/builder/-/pipelines/7";
  const token = (generation: string, tokenId: number, expiresAt: string) => ({
    type: "runbook:index:PersonalAccessToken",
    outputs: {
      account,
      generation,
      tokenId,
      expiresAt,
      mintedAt: `${generation}T06:30:00Z`,
      status: "live",
      token: secret,
    },
  });
  const resources = [
    {
      type: "pulumi:pulumi:Stack",
      outputs: {
        rotations: { inventory: { held: [], ...(failed === undefined ? {} : { failed }) } },
        waitingRotations: {},
      },
    },
    { type: "runbook:index:Account", outputs: { account, username: "gl-inventory" } },
    token("2026-11-23", 1203, "2027-11-23"),
    token("2026-12-14", 1205, "2027-12-14"),
    { type: "runbook:index:Retirement", outputs: { account, generation: "2026-11-23", status: "live", hold } },
    {
      type: "runbook:index:PipelineProof",
      outputs: { account, generation: "2026-12-14", maxAttempts: 3, runs: [{ url: link }], token: secret, ...proof },
    },
  ];
  return storedIn(JSON.stringify({ deployment: { manifest: { time: "2026-12-14T06:31:00Z" }, resources } }));
}

function standing(stored: ReturnType<typeof state>, today = "2026-12-14") {
  if (inventory === undefined) throw new Error("it is declared");
  return standingOf(inventory, { settings, stored, today });
}

const passed = { status: "passed", attempts: 1, provedAt: "2026-12-14T06:30:00Z" };
const putBack = {
  status: "failed",
  attempts: 3,
  putBack: true,
  lastProven: { generation: "2026-11-23", token: secret },
};

test("a proven token is in use, and in its places", () => {
  const one = standing(state(passed, { hold: "both live on until Mon 21 Dec 2026" }));
  expect(one).toMatchObject({
    verdict: "fine",
    inUse: { generation: "2026-12-14", tokenId: 1205, expiresAt: "2027-12-14", days: 365 },
    places: [{ holds: "2026-12-14", isRead: false }],
    held: ["2026-11-23: both live on until Mon 21 Dec 2026"],
    next: { date: "2026-12-21", event: "retire", generation: "2026-11-23" },
  });
});

test("where a proof gave up, the earlier token is in use, and its end is no next date", () => {
  const one = standing(state(putBack, { failed: "proving failed" }));
  expect(one).toMatchObject({
    verdict: "due",
    inUse: { generation: "2026-11-23" },
    places: [{ holds: "2026-11-23" }],
    failed: "proving failed",
    next: { event: "mint" },
  });
});

test("no token is told to be revoked on a day while its successor is not proven", () => {
  const what = (proof: object) => standing(state(proof)).life.find(({ at }) => at === "2026-12-21")?.what;
  expect(what({ status: "failed", attempts: 1 })).toBe("revoked, once its successor is proven");
  expect(what(passed)).toBe("revoked, if nobody uses it");
});

test("a proof that is still running is neither good nor bad", () => {
  expect(standing(state({ status: "running", attempts: 0 })).verdict).toBe("running");
});

test("a token in use that dies within three days, or is dead, is a risk", () => {
  expect(standing(state(passed), "2027-12-10").verdict).not.toBe("risk");
  expect(standing(state(passed), "2027-12-11").verdict).toBe("risk");
  expect(standing(state(passed), "2027-12-20").verdict).toBe("risk");
});

test("what no run has minted on its day is late from the next day on", () => {
  const stored = { ...state(passed), tokens: state(passed).tokens.slice(0, 1) };
  expect(standing(stored, "2026-12-14").late).toBeUndefined();
  expect(standing(stored, "2026-12-15").late).toContain("generation 2026-12-14 is due since Mon 14 Dec 2026");
});

test("of a state that could not be read nothing is claimed", () => {
  const one = standing({ ...storedIn("{}"), isRead: false }, "2027-01-01");
  expect(one).toMatchObject({ verdict: "unknown", held: [] });
  expect([one.inUse, one.late, one.failed]).toEqual([undefined, undefined, undefined]);
  const screen = status([{ stack: "prod", isRead: false, accounts: [one], unchecked: ["The state."] }], "2027-01-01");
  expect(screen).toContain("its state was not read");
  expect(screen).toContain("1 account: 1 not known.");
  expect(screen).not.toMatch(/late|none yet|as is/);
});

test("no secret of a state reaches a status, in any form", () => {
  const text = JSON.stringify([state(putBack), standing(state(putBack))]);
  expect(text).not.toContain("ciphertext");
  expect(text).not.toContain("v1:");
});

test.each([80, 100, 140])("the screens fit %i columns, and links stand whole", (width) => {
  const one = standing(state(putBack, { failed: `${"proving it by its pipelines failed ".repeat(20)}\nPut back.` }));
  const stack: StackStatus = {
    stack: "prod",
    lastRun: "2026-12-14T06:31:00Z",
    accounts: [one],
    unchecked: ["Nothing."],
  };
  const screens = [status([stack], "2026-12-14", { width }), life(stack, one, undefined, "2026-12-14", { width })];
  for (const line of screens.join("").split("\n"))
    if (!line.includes("https://")) expect(line.length, line).toBeLessThanOrEqual(width);
  for (const screen of screens) expect(screen).toContain("https://gitlab.example.com/security/builder/-/pipelines/7\n");
});

test("of many accounts the gravest come first, and the screen stays one", () => {
  const fine = standing(state(passed));
  const accounts = Array.from({ length: 1000 }, (_, at) => ({ ...fine, account: `account-${at}` }));
  const bad = { ...standing(state(putBack, { failed: "it failed" })), account: "last" };
  const screen = status(
    [{ stack: "prod", lastRun: undefined, accounts: [...accounts, bad], unchecked: [] }],
    "2026-12-14",
  );
  expect(screen).toContain("1001 accounts: 1 failed or late, 1000 fine.");
  expect(screen.indexOf("! last")).toBeLessThan(screen.indexOf("✓ account-0"));
  expect(screen.split("\n").length).toBeLessThan(60);
});
