import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { renew } from "../../commands/renew";
import { retry } from "../../commands/retry";
import { gitlabOf, useSandbox } from "../workshop/sandbox/harness";

const sandbox = useSandbox();
const path = "Pulumi.sandbox.yaml";
const declared = readFileSync(join(__dirname, "../..", path), "utf8");

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "renew-"));
  writeFileSync(join(folder, path), declared);
});
afterEach(() => rmSync(folder, { recursive: true }));

const day = "2026-12-14";
const text = () => readFileSync(join(folder, path), "utf8");
const at = (environment: NodeJS.ProcessEnv = {}) => ({ folder, environment, today: day });
const online = () =>
  at({
    CI_API_V4_URL: `${sandbox().gitlab.url}/api/v4`,
    CI_PROJECT_ID: "security/pat-rotation",
    GITLAB_TOKEN: sandbox().gitlab.tokenValue("owner"),
  });
const stack = ["--stack", "sandbox"];

test("renew opens a generation today, in the files here: one line, and a plan of what it does", async () => {
  const done = await renew(["scanner", "--local", ...stack], at());
  expect(done).toMatchObject({ code: 0, stderr: "" });
  expect(done.stdout).toContain("Rotate scanner on Mon 14 Dec 2026 as well");
  expect(done.stdout).toContain(`Wrote ${path}.`);
  expect(text()).toContain('{ date: "2026-12-14", reason: "asked for by hand" }');
});

test.each([
  ["renew", renew],
  ["retry", retry],
] as const)("%s of a misspelt account says so before it asks for anything else", async (_, command) => {
  const done = await command(["scaner", ...stack], at());
  expect(done.code).toBe(2);
  expect(done.stderr).toContain(
    'Looking for account "scaner" in stack sandbox: not declared; there are inventory, scanner. Did you mean "scanner"?',
  );
});

test("renew as a merge request; the same again brings it up to date", async () => {
  const first = await renew(["scanner", "--reason", "a maintainer left", ...stack], online());
  expect([first.code, first.stderr]).toEqual([0, ""]);
  expect(first.stdout).toMatch(/^Opened: merge request !1, "Rotate scanner on Mon 14 Dec 2026 as well"\nhttp/);
  const again = await renew(["--account", "scanner", "--reason", "a maintainer left", ...stack], online());
  expect(again.stdout).toMatch(/^Brought up to date: merge request !1,/);
  expect(text()).toBe(declared);
});

test("retry takes up the proof of the current generation: an entry that the next run goes by", async () => {
  const done = await retry(["inventory", "--reason", "the runner is back", "--local", ...stack], at());
  expect([done.code, done.stderr]).toEqual([0, ""]);
  expect(text()).toContain('retries: [{ generation: "2026-12-14", on: "2026-12-14", reason: "the runner is back" }]');
  expect(done.stdout).toContain("The proof of generation 2026-12-14");
  const again = await retry(["inventory", "--reason", "the runner is back", "--local", ...stack], at());
  expect(again.stdout).toContain(`${path} declares that already.`);
  const later = await retry(["inventory", "--local", ...stack], { ...at(), today: "2026-12-15" });
  expect(later.code).toBe(0);
  expect(text().match(/generation: "2026-12-14", on:/g)).toHaveLength(2);
});

test("retry as a merge request", async () => {
  const done = await retry(["inventory", ...stack], online());
  expect([done.code, done.stderr]).toEqual([0, ""]);
  const { body } = await gitlabOf(sandbox())("GET", "/projects/security%2Fpat-rotation/merge_requests");
  expect(body[0]).toMatchObject({
    title: "Take up the proof of generation 2026-12-14 of inventory",
    source_branch: "pat-rotation/sandbox/retry/inventory/2026-12-14/2026-12-14",
  });
});

test.each([
  [["inventory", "--generation", "2026-11-23"], 5, 'generation "2026-11-23" is not the current one'],
  [["inventroy"], 2, 'Looking for account "inventroy"'],
  [[], 2, "name one account"],
  [["inventory", "scanner"], 2, "name one account"],
])("what retry cannot do is refused, with why: %j", async (words, code, expected) => {
  const done = await retry([...words, "--local", ...stack], at());
  expect([done.code, done.stderr]).toEqual([code, expect.stringContaining(expected)]);
  expect(text()).toBe(declared);
});
