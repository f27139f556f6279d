import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Stack } from "../../../workshop/engine/asked";
import { commands } from "../../../workshop/engine/commands";
import { Backend } from "../../../workshop/engine/state/backend";
import { readProject } from "../../../workshop/engine/state/project";
import { Crypter } from "../../../workshop/engine/state/secrets";
import { StackSettings } from "../../../workshop/engine/state/settings";

test.each([
  [
    "config set",
    ["key", "5"],
    "plain values are written into /there/Pulumi.dev.yaml, by hand: only `--secret` ones are set here",
  ],
  ["stack output", [], "the embedded engine does not support `stack output` without --json; use the Pulumi CLI"],
])("%s without its flag is refused", async (name, given, text) => {
  const stack = { name: "dev", settings: { path: "/there/Pulumi.dev.yaml" } } as Stack;
  await expect(commands[name]?.run(stack, {}, given)).rejects.toThrow(text);
});

/** Makes a stack whose settings are a text; what they are then. */
async function initialized(text: string, salt?: string): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), "commands-"));
  writeFileSync(join(directory, "Pulumi.yaml"), "name: proj\nruntime: nodejs\nmain: index.js\n");
  writeFileSync(join(directory, "Pulumi.dev.yaml"), text);
  const project = readProject(directory);
  const settings = new StackSettings(project, "dev");
  const crypter = () => {
    const opened = new Crypter("a phrase", salt);
    settings.salt ??= opened.salt;
    return opened;
  };
  const backend = new Backend({ PULUMI_BACKEND_URL: `file://${directory}` }, "proj", "dev");
  await commands["stack init"]?.run({ name: "dev", project, backend, settings, crypter }, {}, []);
  return readFileSync(settings.path, "utf8");
}

test("a new stack leaves settings that have a salt as they are, and adds one where there is none", async () => {
  const config = "# ours\nconfig:\n  proj:list: [a, b]   # two\n";
  const { salt } = new Crypter("a phrase");
  const salted = `${config}encryptionsalt: ${salt}\n`;
  expect(await initialized(salted, salt)).toBe(salted);
  expect(await initialized(config)).toMatch(
    /^# ours\nconfig:\n {2}proj:list: \[ a, b \] # two\nencryptionsalt: v1:\S+\n$/,
  );
});
