import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { refuseStrayWords } from "../../../commands/run/strayWords";

test.each([
  ["npm's own -- forgotten", ["sandbox", "--yes"]],
  ["--stack forgotten", ["--yes", "prod"]],
  ["a trace's file behind a blank", ["--stack", "prod", "--yes", "/tmp/trace"]],
  ["a word behind a cluster that takes none", ["-yf", "prod"]],
])("a word that pulumi up would take for a template is refused: %s", (_, flags) => {
  expect(() => refuseStrayWords("up", flags)).toThrow(
    /is no flag, and nothing was run\. Write: npm run up -- --stack <name>/,
  );
});

test.each([
  [["--stack", "prod", "--yes", "--parallel", "4", "-m", "a reason"]],
  [["-ys", "prod", "--target=urn:a", "--target", "urn:b", "-v", "2"]],
  [["--stack=prod", "--import-pending-creates", "urn id"]],
])("a flag's value is no such word: %j", (flags) => {
  expect(() => refuseStrayWords("up", flags)).not.toThrow();
});

test.each([["--engine=embeded"], ["--engine", "embeded"]])(
  "an engine that is misspelt is refused, on no engine: %s",
  (...flags) => {
    const root = join(__dirname, "../../..");
    const said = spawnSync(process.execPath, ["commands/pat-rotation.cjs", "preview", "--stack", "prod", ...flags], {
      cwd: root,
      encoding: "utf8",
    });
    expect(said.stderr).toContain(
      'Reading --engine: there is no "embeded"; there is embedded. Did you mean "embedded"?',
    );
    expect(said.status).toBe(2);
  },
);

test("npm run up ends red before any engine is asked", () => {
  const root = join(__dirname, "../../..");
  const said = spawnSync(process.execPath, ["commands/pat-rotation.cjs", "up", "prod", "--yes"], {
    cwd: root,
    encoding: "utf8",
  });
  expect(said.status).toBe(2);
  expect(said.stderr).toContain('"prod" is no flag, and nothing was run.');
  expect(said.stderr).not.toContain("Engine:");
});
