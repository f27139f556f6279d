import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { chooseEngine } from "../../commands/run/choice";
import { neededFlags } from "../../commands/run/flags";
import { isLocked } from "../../commands/run/lock";
import { pendingOperations } from "../../commands/run/pending";
import { misspeltStack, unknownStack, unmadeStack } from "../../commands/stacks";
import { type Engine, embeddedEngine } from "../../engines/engine";
import { tree } from "../settings/trees";

const cli: Engine = { name: "Pulumi CLI v3", embedded: false, command: ["pulumi"] };

test("up and destroy go on after an error, and run wide", () => {
  expect(neededFlags("up", [])).toEqual(["--continue-on-error", "--parallel=64"]);
  expect(neededFlags("destroy", [])).toEqual(["--continue-on-error", "--parallel=64"]);
  expect(neededFlags("preview", [])).toEqual(["--parallel=64"]);
});

describe("a stack that is not there", () => {
  const here = tree({ "Pulumi.yaml": "name: pat-rotation\n", "Pulumi.sandbox.yaml": "", "Pulumi.prod.yaml": "" });

  test("is told with those that have a file, and with the one that may be meant", () => {
    const told =
      'Looking for stack "prd": the test has no Pulumi.prd.yaml; there are prod, sandbox. Did you mean "prod"?';
    expect(unknownStack(here, "prd")).toBe(told);
    expect(misspeltStack(here, "prd")).toBe(`${told} Nothing was run.`);
    expect(misspeltStack(here, "acme/pat-rotation/prd")).toContain('Did you mean "prod"?');
  });

  test("is left to the engine where it may be one without a file, or has one", () => {
    for (const name of ["staging", "prod", "acme/pat-rotation/prod"]) expect(misspeltStack(here, name)).toBe(undefined);
  });

  test("is told as not made where it has a file, and how it is made", () => {
    expect(unmadeStack(here, "prod")).toBe(
      'Looking for stack "prod": it has Pulumi.prod.yaml, and was not made yet. A new one is made with: pulumi stack init prod',
    );
    expect(unmadeStack(here, "staging")).toBe(
      'Looking for stack "staging": the test has no Pulumi.staging.yaml; there are prod, sandbox. A new one is made with: pulumi stack init <name>',
    );
    expect(unmadeStack(here, "prod", "node ./engine.ts")).toContain(": node ./engine.ts stack init prod");
    expect(unmadeStack(here, undefined)).toBe(
      "Looking for the selected stack: there are prod, sandbox. Name it with --stack.",
    );
  });
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
  const run = spawnSync(process.execPath, ["commands/pat-rotation.cjs", "up", "--stack", "any"], {
    cwd: resolve(__dirname, "../.."),
    encoding: "utf8",
    env: { PATH: [folder, process.env.PATH].join(delimiter) },
  });
  rmSync(folder, { recursive: true });
  expect(run.status).toBe(12);
  expect(run.stderr).toContain("The stack is locked: another run is alive, or one was killed.");
});
