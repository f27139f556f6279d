import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { expect, test } from "vitest";
import { type Engine, embeddedEngine } from "../../scripts/engine";
import { chooseEngine, isLocked, neededFlags, pendingOperations, refuseLeaks } from "../../scripts/run";

const cli: Engine = { name: "Pulumi CLI v3", embedded: false, command: ["pulumi"] };

test("up and destroy go on after an error, and run wide", () => {
  expect(neededFlags("up", [])).toEqual(["--continue-on-error", "--parallel=64"]);
  expect(neededFlags("destroy", [])).toEqual(["--continue-on-error", "--parallel=64"]);
  expect(neededFlags("preview", [])).toEqual(["--parallel=64"]);
});

test("an approved up is not previewed once more", () => {
  expect(neededFlags("up", ["--yes"])).toContain("--skip-preview");
  expect(neededFlags("up", [])).not.toContain("--skip-preview");
});

test("what is given is not given twice", () => {
  expect(neededFlags("up", ["--continue-on-error", "--parallel=8", "-y", "--skip-preview"])).toEqual([]);
});

test("the Pulumi CLI is used where there is one", () => {
  expect(chooseEngine("prod", false, cli)).toBe(cli);
  expect(chooseEngine("sandbox", false, cli)).toBe(cli);
});

test("the embedded engine runs the sandbox, and another stack only when asked to", () => {
  expect(chooseEngine("sandbox", false, undefined)).toBe(embeddedEngine);
  expect(chooseEngine("prod", true, undefined)).toBe(embeddedEngine);
  expect(() => chooseEngine("prod", false, undefined)).toThrow(/stack "prod" is not the sandbox.*--engine=embedded/s);
});

test("what a killed run left in flight is read from the exported state", () => {
  const exported = {
    version: 3,
    deployment: { pending_operations: [{ type: "creating", resource: { urn: "urn:a" } }] },
  };
  expect(pendingOperations(JSON.stringify(exported))).toEqual(["creating urn:a"]);
  expect(pendingOperations(JSON.stringify({ version: 3, deployment: {} }))).toEqual([]);
});

test("a locked stack is known by both engines' words, and by those of Pulumi's service", () => {
  expect(isLocked("error: the stack is currently locked by 1 lock(s). Either wait …")).toBe(true);
  expect(isLocked("error: [409] Conflict: Another update is currently in progress.")).toBe(true);
  expect(isLocked("error: update failed")).toBe(false);
  expect(isLocked("error: the schedule is locked by its owner")).toBe(false);
});

test("a locked stack is known although its words come in two pieces", () => {
  const folder = mkdtempSync(join(tmpdir(), "pat-rotation-run-"));
  const fake = [
    "#!/bin/sh",
    '[ "$1" = version ] && exit 0',
    '[ "$1" = up ] || exit 1',
    "printf 'error: the stack is currently loc' >&2",
    "sleep 0.3",
    "printf 'ked by 1 lock(s)' >&2",
    "exit 255",
  ];
  writeFileSync(join(folder, "pulumi"), fake.join("\n"), { mode: 0o755 });
  const run = spawnSync(
    process.execPath,
    ["--require", "./providers/host/typescript.cjs", "scripts/run.ts", "up", "--stack", "any"],
    {
      cwd: resolve(__dirname, "../.."),
      encoding: "utf8",
      env: { PATH: [folder, process.env.PATH].join(delimiter) },
    },
  );
  rmSync(folder, { recursive: true });
  expect(run.status).toBe(255);
  expect(run.stderr).toContain("The stack is locked: another run is alive, or one was killed.");
});

test("an update with --json, which prints token values on the Pulumi CLI, is refused; a preview is not", () => {
  expect(() => refuseLeaks(cli, "up", ["--yes", "--json"])).toThrow(/"up --json" is refused.*values of tokens/);
  expect(() => refuseLeaks(cli, "refresh", ["-j"])).toThrow(/refused/);
  expect(() => refuseLeaks(cli, "preview", ["--json"])).not.toThrow();
  expect(() => refuseLeaks(embeddedEngine, "up", ["--json"])).not.toThrow();
});
