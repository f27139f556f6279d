import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { expect, test } from "vitest";
import { commands } from "../../commands/table/table";

const root = resolve(__dirname, "../..");
const { scripts, bin } = JSON.parse(readFileSync(resolve(root, "package.json"), "utf8")) as {
  scripts: Record<string, string>;
  bin: Record<string, string>;
};

/** The command line as npx and npm run it, with a watchdog, a project and a GitLab that nobody may ask. */
function line(words: readonly string[], environment: NodeJS.ProcessEnv = {}, cwd = root) {
  return spawnSync(process.execPath, [resolve(root, bin["pat-rotation"] ?? ""), ...words], {
    cwd,
    encoding: "utf8",
    env: {
      PATH: dirname(process.execPath),
      PAT_ROTATION_HEARTBEAT_URL: "http://127.0.0.1:9",
      GITLAB_BASE_URL: "http://127.0.0.1:9",
      CI_PROJECT_ID: "1",
      CI_DEFAULT_BRANCH: "main",
      ...environment,
    },
  });
}

test.each(commands.map(({ name }) => name))(
  "%s --help tells how it is used, and does nothing, with no credential and no CLI",
  (name) => {
    const { status, stdout, stderr } = line([name, "--help"]);
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout.split("\n")[0]).toMatch(new RegExp(`^npx pat-rotation ${name}( .*)? \\[flags\\]$`));
  },
);

test("every command of the table is an npm script too, of the same name", () => {
  for (const { name } of commands.filter((one) => one.name !== "completion"))
    expect(scripts[name], name).toBe(`node commands/pat-rotation.cjs ${name}`);
});

test("the list tells what people call, and not what only a job calls", () => {
  const { status, stdout } = line(["--help"]);
  expect(status).toBe(0);
  for (const { name, caller } of commands) expect(stdout.includes(`\n  ${name} `), name).toBe(caller === "people");
});

test("help and version answer without loading what the commands do", () => {
  line(["--version"]);
  const timed = [["--version"], ["--help"], ["up", "--help"]].map((words) => {
    const { stdout, stderr } = line(words, { NODE_DEBUG: "module" });
    expect(stdout).not.toBe("");
    return stderr;
  });
  // Packages from node_modules that are loaded beside the bundle are told by Node.js.
  for (const told of timed) expect(told).not.toMatch(/load "[^"]*node_modules\/(?!\.cache)/);
});

test.each([
  [["plna"], 'there is no command "plna". Did you mean "npx pat-rotation plan"?'],
  [["plan", "--formt", "json"], 'there is no flag "formt". Did you mean --format?'],
  [
    ["plan", "--format", "jsn"],
    'there is no "jsn"; there are text, markdown, json, ics, html, junit. Did you mean "json"?',
  ],
  [["health", "--stack", "prd"], 'Did you mean "prod"?'],
  [["up", "--stack", "prd"], 'Did you mean "prod"?'],
  [["status", "--account", "inventroy"], 'Did you mean "inventory"?'],
  [["propose", "hodl", "inventory"], 'Did you mean "hold"?'],
  [["completion", "fisch"], 'Did you mean "fish"?'],
])("what is nearly right is suggested: %j", (words, expected) => {
  const { status, stderr } = line(words);
  expect([status, stderr]).toEqual([2, expect.stringContaining(expected)]);
});

test("what is far from everything gets no suggestion", () => {
  expect(line(["xylophone"]).stderr).not.toContain("Did you mean");
});

test("without a command the list is told, and it is no success", () => {
  const { status, stdout } = line([]);
  expect([status, stdout]).toEqual([2, expect.stringContaining("npx pat-rotation <command> [flags]")]);
});

test("an edit of a source is in force at once", () => {
  const folder = mkdtempSync(join(tmpdir(), "pat-rotation-line-"));
  writeFileSync(join(folder, "main.ts"), 'console.log("before");');
  const run = () =>
    spawnSync(
      process.execPath,
      ["-e", `require("${root}/start/bundle.cjs").run("${folder}/main.ts", { name: "test", folder: "${folder}" })`],
      { encoding: "utf8" },
    );
  expect(run().stdout).toBe("before\n");
  writeFileSync(join(folder, "main.ts"), 'console.log("after");');
  expect(run().stdout).toBe("after\n");
  rmSync(folder, { recursive: true });
});
