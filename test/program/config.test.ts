import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, test } from "vitest";
import { accountYaml } from "../settings/trees";

const root = mkdtempSync(join(tmpdir(), "program-"));
mkdirSync(join(root, "accounts"));
writeFileSync(join(root, "accounts/a.yaml"), accountYaml("a"));
writeFileSync(join(root, "accounts/b.yaml"), accountYaml("b", "onRemove: refuse"));
afterAll(() => rmSync(root, { recursive: true }));

const program = `
const pulumi = require("@pulumi/pulumi");
const { declared } = require("./program/config");
pulumi.runtime.setAllConfig(JSON.parse(process.argv[1]));
process.chdir(process.argv[2]);
try {
  const { settings, faulty } = declared(new pulumi.Config("pat-rotation"));
  const names = (all) => all.map(({ name }) => name);
  console.log(JSON.stringify({ accounts: names(settings.accounts), faulty: names(faulty), yaml: Object.keys(require.cache).some((file) => /node_modules.yaml/.test(file)) }));
} catch (cause) {
  console.log(JSON.stringify({ name: cause.constructor.name, message: cause.message }));
}`;

/** Reads the configuration as the CLI hands it to the program: lists and blocks as JSON. */
function read(config: Readonly<Record<string, unknown>>) {
  const entries = Object.entries({ fleet: "platform", ...config });
  const texts = entries.map(([key, value]) => [
    key.includes(":") ? key : `pat-rotation:${key}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  const args = ["--require", "./start/typescript.cjs", "-e", program, JSON.stringify(Object.fromEntries(texts)), root];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: resolve(__dirname, "../.."), encoding: "utf8" });
  expect(stderr).toBe("");
  return JSON.parse(stdout);
}

const own = [
  {
    name: "own",
    account: { group: "x", username: "own" },
    token: { name: "own", scopes: ["api"] },
    rotation: { startsOn: "2026-11-23 00:00:00 +0000 UTC" },
  },
];

test("accounts of the stack and of the files it names are read; YAML only where there are such files", () => {
  expect(read({ accounts: own })).toEqual({ accounts: ["own"], faulty: [], yaml: false });
  const both = { accounts: ["own", "a"], faulty: [], yaml: true };
  expect(read({ accounts: own, accountFiles: ["accounts/a.yaml"] })).toEqual(both);
});

test("faults name the file, and a key that is not known is one", () => {
  expect(read({ freeze: [], accountFiles: ["accounts/*.yaml"] })).toEqual({
    name: "RunError",
    message: [
      "Reading the settings of pat-rotation: 2 faults, so nothing was done.",
      '  accounts/b.yaml: onRemove: found an unknown key. Write "onRemoval", if that is what you mean.',
      '  freeze: found an unknown key. Write "freezes", if that is what you mean.',
    ].join("\n"),
  });
  expect(read({ accountFiles: ["../x.yaml"] }).message).toContain("accountFiles[0]");
});

test("a key of ours under a namespace that is nearly ours is refused as a misspelt key is", () => {
  expect(read({ accounts: own, "pat-roation:freezes": [], "aws:region": "eu" }).message).toContain(
    'pat-roation:freezes: found a key that nobody reads. Write "pat-rotation:freezes", if that is what you mean.',
  );
});

test("a fault in one account's file leaves the accounts of all other files usable", () => {
  expect(read({ accountFiles: ["accounts/*.yaml"] })).toEqual({ accounts: ["a"], faulty: ["b"], yaml: true });
});
