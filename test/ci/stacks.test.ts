import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { parseDocument } from "yaml";
import { CiBench } from "./bench";
import { merged, nightly, nightlyOfEu, withEu } from "./kinds";
import { read } from "./template";

// Each job installs the project anew and runs whole commands of it.
vi.setConfig({ testTimeout: 1_200_000, hookTimeout: 300_000 });

const users = { inventory: "gl-security-inventory", scanner: "gl-security-scanner" };

/** The sandbox's stack with one of its accounts. */
function stackOf(fleet: string, kept: number): string {
  const document = parseDocument(read("Pulumi.sandbox.yaml"));
  document.delete("encryptionsalt");
  document.setIn(["config", "pat-rotation:fleet"], fleet);
  document.deleteIn(["config", "pat-rotation:accounts", 1 - kept]);
  document.setIn(["config", "pat-rotation:accounts", 0, "rotation", "startsOn"], "2026-11-23");
  return document.toString();
}

let bench: CiBench;
beforeAll(async () => {
  bench = await CiBench.start((pipelines) => ({
    ".gitlab-ci.yml": withEu(pipelines),
    "Pulumi.sandbox.yaml": stackOf("sandbox", 0),
    "Pulumi.eu.yaml": stackOf("eu", 1),
  }));
  bench.initialize("eu", "rotation-eu");
});
afterAll(() => bench.stop());

const minted = (name: keyof typeof users) => bench.sandbox.gitlab.liveTokens(users[name]).length - 1;
const byHand = { ...merged, predefined: { ...merged.predefined, CI_PIPELINE_SOURCE: "web" } };

test("each stack has an update of its own, which rotates its accounts and no other's", async () => {
  const before = { inventory: minted("inventory"), scanner: minted("scanner") };
  const eu = await bench.run("rotation-eu-up", merged);
  expect(eu.code, eu.log).toBe(0);
  expect([minted("inventory"), minted("scanner")]).toEqual([before.inventory, before.scanner + 1]);
  const own = await bench.run("rotation-up", merged);
  expect(own.code, own.log).toBe(0);
  expect([minted("inventory"), minted("scanner")]).toEqual([before.inventory + 1, before.scanner + 1]);
});

test("each is approved by itself: of one that was not, nothing runs at night", async () => {
  const approved = bench.repository.commit({ "APPROVED.md": "" });
  bench.approve(approved, "rotation-eu");
  const eu = await bench.run("rotation-eu-nightly", nightlyOfEu);
  expect(eu.code, eu.log).toBe(0);
  expect(eu.log).toContain(`Approved: ${approved}`);
  const own = await bench.run("rotation-nightly", nightly);
  expect(own.code).not.toBe(0);
  expect(own.log).toContain('no job "rotation-up" of branch "main" was ever started in environment "rotation"');
  expect(bench.beats).toEqual(["GET /ping-eu"]);
});

test("a health of each: its accounts are the tests of the pipeline", async () => {
  const { code, log } = await bench.run("rotation-eu-health", nightlyOfEu);
  expect(code, log).toBe(0);
  const report = readFileSync(join(bench.repository.clone, "rotation-health/health.xml"), "utf8");
  expect([...report.matchAll(/<testcase classname="([^"]*)" name="([^"]*)"/g)].map(([, ...one]) => one)).toEqual([
    ["pat-rotation eu", "scanner"],
  ]);
});

test("a leaked token is replaced in the stack that declares it, and the other's job does nothing", async () => {
  bench.approve(bench.repository.commit({}));
  const [leaked] = bench.sandbox.gitlab.liveTokens(users.scanner).slice(-1);
  const inputs = { "compromised-token": String(leaked?.id), "compromised-stack": "any" };
  const own = await bench.run("rotation-emergency", { ...byHand, inputs });
  expect([own.code, /nothing was done/i.test(own.log)], own.log).toEqual([1, true]);
  const eu = await bench.run("rotation-eu-emergency", { ...byHand, inputs });
  expect(eu.code, eu.log).toBe(0);
  expect(eu.log).toContain("Dead: token");
  expect(eu.log).toContain("Merge request !2");
  expect(bench.sandbox.gitlab.liveTokens(users.scanner).map(({ id }) => id)).not.toContain(leaked?.id);
});

test("no log and no file that a job left holds a token", () => {
  expect(bench.printed.length).toBeGreaterThan(1000);
  expect(bench.leaks()).toEqual([]);
});
