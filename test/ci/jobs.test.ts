import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { writes } from "../e2e/situation";
import { soundYaml } from "../settings/trees";
import { CiBench, stackFile } from "./bench";
import { merged, mergeRequest, nightly, noting, project } from "./kinds";
import { read } from "./template";

// Each job installs the project anew and runs whole commands of it.
vi.setConfig({ testTimeout: 1_200_000, hookTimeout: 300_000 });

let bench: CiBench;
beforeAll(async () => {
  bench = await CiBench.start();
});
afterAll(() => bench.stop());

const halfWritten = `${soundYaml}\n  pat-rotation:maxRotationsPerRun: [`;
const inventory = { project: "security/inventory-builder", username: "gl-security-inventory" };
const works = () => {
  const { gitlab } = bench.sandbox;
  const value = gitlab.variable(inventory.project, "GITLAB_API_TOKEN");
  return gitlab.liveTokens(inventory.username).some((token) => token.value === value);
};
/** What a job asked of the servers. */
async function requestsOf(job: () => Promise<unknown>) {
  const before = bench.sandbox.traffic.requests.length;
  await job();
  return bench.sandbox.traffic.requests.slice(before);
}
const reports = () => readdirSync(join(bench.repository.clone, "rotation-plan")).sort();
const notes = () => bench.sandbox.gitlab.state.projects.get(project)?.mergeRequests[0]?.notes ?? [];

test("a merge request is planned without a credential, its names are only names, and the report is kept", async () => {
  bench.repository.request(1, { [stackFile]: soundYaml.replace('"2026-11-23" }', '"2026-11-23", everyDays: 308 }') });
  const requests = await requestsOf(async () => {
    const { code, log } = await bench.run("rotation-plan", mergeRequest);
    expect(code, log).toBe(0);
    expect(log).toContain("rotation.everyDays: 308 instead of 336");
  });
  expect(requests).toEqual([]);
  expect(reports()).toEqual(["plan.html", "plan.ics", "plan.json", "plan.md", "plan.xml"]);
  expect(existsSync(join(bench.repository.clone, "pwned"))).toBe(false);
});

test("half-written settings make the job red, say what and where, and leave a report of it", async () => {
  bench.repository.request(1, { [stackFile]: halfWritten });
  const { code, log } = await bench.run("rotation-plan", mergeRequest);
  expect(code).not.toBe(0);
  expect(log).toMatch(/Pulumi\.prod\.yaml:\d+/);
  expect(log).toContain("what is no YAML");
  expect(readFileSync(join(bench.repository.clone, "rotation-plan/plan.md"), "utf8")).toContain("what is no YAML");
});

test("the note of such a merge request is written by the default branch's code, once", async () => {
  bench.repository.request(1, { [stackFile]: halfWritten });
  const first = await bench.run("rotation-notes", noting);
  expect(first.code, first.log).toBe(0);
  expect(first.log).toContain("!1: note written");
  expect(notes().map(({ authorId }) => authorId)).toEqual([13]);
  expect(notes()[0]?.body).toContain("what is no YAML");
  const second = await bench.run("rotation-notes", noting);
  expect(second.log).toContain("!1: note unchanged");
  expect(notes()).toHaveLength(1);
  expect(existsSync(join(bench.repository.clone, "pwned"))).toBe(false);
});

test("a preview writes nothing; the update that a person starts rotates", async () => {
  const asked = await requestsOf(async () => {
    const { code, log } = await bench.run("rotation-preview", merged);
    expect(code, log).toBe(0);
    expect(log).toContain("inventory-2026-11-23");
  });
  expect(writes(asked)).toEqual([]);
  const { code, log } = await bench.run("rotation-up", merged);
  expect(code, log).toBe(0);
  expect(log).toContain("Nothing is pending from a run that was stopped.");
  expect(works()).toBe(true);
  expect(bench.beats).toEqual([]);
});

test("the doctor sees nothing missing", async () => {
  const { code, log } = await bench.run("rotation-doctor", merged);
  expect(code, log).toBe(0);
});

test("a nightly run without any approval does nothing, and the watchdog is not told", async () => {
  const asked = await requestsOf(async () => {
    const { code, log } = await bench.run("rotation-nightly", nightly);
    expect(code).not.toBe(0);
    expect(log).toContain('no job "rotation-up" of branch "main" was ever started');
  });
  expect(asked.map(({ path }) => path.replace(/\d+/, "…"))).toHaveLength(1);
  expect(bench.beats).toEqual([]);
});

test("a nightly run runs the approved commit, not what was merged since, and tells the watchdog", async () => {
  const approved = bench.repository.commit({ "APPROVED.md": "" });
  bench.approve(approved);
  bench.repository.commit({ "Pulumi.sandbox.yaml": "config: [" });
  const { code, log } = await bench.run("rotation-nightly", nightly);
  expect(code, log).toBe(0);
  expect(log).toContain(`Approved: ${approved}`);
  expect(log).toContain("1 later commit waits for approval");
  expect(bench.beats).toEqual(["GET /ping"]);
});

test("the health of that commit's accounts is looked at", async () => {
  const { code, log } = await bench.run("rotation-health", nightly);
  expect(code, log).toBe(0);
  expect(log).toContain("inventory");
});

test("the page of all stacks is published, also when it tells that a state could not be read", async () => {
  const { code, log } = await bench.run("rotation-pages", nightly);
  expect(code, log).toBe(0);
  const page = readFileSync(join(bench.repository.clone, "public/index.html"), "utf8");
  // All but the sandbox, whose state is the only one there.
  expect(page).toContain("<h1>Tokens of prod</h1>");
  expect(page).toContain("1 state was not read.");
});

test("a nightly run that fails is red, and the watchdog is not told", async () => {
  bench.sandbox.clock.set("2026-11-30T06:30:00Z");
  bench.sandbox.gitlab.armJob("security/scanner", "scan", { does: "fail" }, 1);
  const { code, log } = await bench.run("rotation-nightly", nightly);
  expect(code).not.toBe(0);
  expect(log).toContain("Put back");
  expect(works()).toBe(true);
  expect(bench.beats).toHaveLength(1);
});

test("a run that was killed is carried on by the next: its lock is cleared, what was pending is resolved", async () => {
  bench.sandbox.clock.set("2026-12-14T06:30:00Z");
  const killed = await bench.run("rotation-nightly", nightly, (kill) => {
    const unwatch = bench.sandbox.traffic.watch({
      handled: ({ method, path }) => {
        if (method !== "POST" || !path.endsWith("/personal_access_tokens")) return;
        unwatch();
        kill();
      },
    });
  });
  expect(killed.code).not.toBe(0);
  expect(bench.beats).toHaveLength(1);
  const { code, log } = await bench.run("rotation-nightly", nightly);
  expect(code, log).toBe(0);
  expect(log).toContain("the stack is currently locked by 1 lock(s)");
  expect(log).not.toContain("Nothing is pending from a run that was stopped.");
  expect(works()).toBe(true);
  expect(bench.beats).toHaveLength(2);
  const after = await bench.run("rotation-nightly", nightly);
  expect(after.code, after.log).toBe(0);
  expect(after.log).not.toContain("currently locked");
  expect(after.log).toContain("Nothing is pending from a run that was stopped.");
});

test("a leaked token is replaced at once, with a merge request; the approved commit knows of it until that is merged", async () => {
  const [leaked = 0] = bench.sandbox.gitlab
    .liveTokens(inventory.username)
    .map(({ id }) => id)
    .slice(-1);
  const byHand = { ...merged, predefined: { ...merged.predefined, CI_PIPELINE_SOURCE: "web" } };
  const inputs = { "compromised-token": String(leaked) };
  const { code, log } = await bench.run("rotation-emergency", { ...byHand, inputs });
  expect(code, log).toBe(0);
  // What was merged since the approval cannot be used, and does not stand in its way.
  expect(log).toContain("1 later commit waits for approval");
  expect(log).toContain("Dead: token");
  expect(log).toContain("Merge request !2");
  expect(bench.sandbox.gitlab.liveTokens(inventory.username).map(({ id }) => id)).not.toContain(leaked);
  expect(works()).toBe(true);
  const next = await bench.run("rotation-nightly", nightly);
  expect(next.code, next.log).toBe(0);
  expect(next.log).toContain("The edit that declares it is not merged yet.");
  expect(works()).toBe(true);
});

test("no log and no file that a job left holds a token", () => {
  expect(bench.printed.length).toBeGreaterThan(1000);
  expect(bench.leaks()).toEqual([]);
});

test("a merge request is checked and tested, and what it declares, even half-written, is for the plan alone to judge", async () => {
  bench.repository.request(1, {
    [stackFile]: halfWritten,
    // What the default branch was broken with, further up, is not this merge request's.
    "Pulumi.sandbox.yaml": read("Pulumi.sandbox.yaml"),
    // Those that take minutes need not run within this one.
    "vitest.config.mts": read("vitest.config.mts").replace(
      "const long = [",
      '$&\n  "faults",\n  "kill",\n  "rotation",',
    ),
  });
  for (const job of ["rotation-check", "rotation-test"]) {
    const { code, log } = await bench.run(job, mergeRequest);
    expect(code, log.slice(-5000)).toBe(0);
  }
});
