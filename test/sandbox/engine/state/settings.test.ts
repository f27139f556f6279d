import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readProject } from "../../../../sandbox/engine/state/project";
import { newCrypter } from "../../../../sandbox/engine/state/secrets";
import { StackSettings } from "../../../../sandbox/engine/state/settings";

function projectWith(settings: string) {
  const directory = mkdtempSync(join(tmpdir(), "settings-"));
  writeFileSync(join(directory, "Pulumi.yaml"), "name: proj\nruntime: nodejs\nmain: index.js\n");
  writeFileSync(join(directory, "Pulumi.dev.yaml"), settings);
  return readProject(directory);
}

test("scalars arrive as text, structures as JSON", () => {
  const project = projectWith(`
config:
  fleet: security
  proj:number: 5
  proj:flag: true
  proj:date: 2026-11-23
  proj:quoted: "2026-11-23"
  proj:nothing:
  proj:list: [{ from: 2026-12-19, to: "2027-01-04", days: 0o17, on: True, none: ~ }]
  proj:empty: {}
  other:config:old: form
`);
  expect(StackSettings.read(project, "dev").config()).toStrictEqual({
    values: {
      "proj:fleet": "security",
      "proj:number": "5",
      "proj:flag": "true",
      "proj:date": "2026-11-23 00:00:00 +0000 UTC",
      "proj:quoted": "2026-11-23",
      "proj:nothing": "",
      "proj:list": '[{"days":15,"from":"2026-12-19 00:00:00 +0000 UTC","none":null,"on":true,"to":"2027-01-04"}]',
      "proj:empty": "{}",
      "other:old": "form",
    },
    secretKeys: [],
  });
});

test("secret values, also inside structures, are decrypted and their keys named", async () => {
  const crypter = await newCrypter("x");
  const project = projectWith(`
config:
  proj:a: { secure: "${crypter.encrypt("one")}" }
  proj:b: { inner: [{ secure: "${crypter.encrypt("two")}" }] }
  proj:c: plain
`);
  const settings = StackSettings.read(project, "dev");
  expect(settings.hasSecrets).toBe(true);
  expect(settings.config(crypter)).toStrictEqual({
    values: { "proj:a": "one", "proj:b": '{"inner":["two"]}', "proj:c": "plain" },
    secretKeys: ["proj:a", "proj:b"],
  });
  expect(() => settings.config()).toThrow(
    "a configuration value is secret and there is no passphrase to decrypt it with",
  );
});

test("writing keeps comments and everything that was not changed", async () => {
  const project = projectWith(`# about the stack
config:
  proj:a: 5 # about a
  proj:list:
    - { from: 2026-12-19, to: "2027-01-04" }
  proj:gone: x
`);
  const settings = StackSettings.read(project, "dev");
  settings.set("date", "2026-11-23");
  settings.set("proj:text", "some text");
  settings.remove("gone");
  settings.salt = "v1:abc";
  await settings.write();
  expect(readFileSync(settings.path, "utf8")).toBe(`# about the stack
config:
  proj:a: 5 # about a
  proj:list:
    - { from: 2026-12-19, to: "2027-01-04" }
  proj:date: "2026-11-23"
  proj:text: some text
encryptionsalt: v1:abc
`);
});

test("a stack without a file has no configuration, and gets a file when it is written", async () => {
  const project = projectWith("");
  const settings = StackSettings.read(project, "fresh");
  expect(settings.config()).toStrictEqual({ values: {}, secretKeys: [] });
  settings.set("a", "1");
  await settings.write();
  expect(readFileSync(settings.path, "utf8")).toBe('config:\n  proj:a: "1"\n');
});

test("what the engine does not support in the settings is refused", () => {
  const project = projectWith("environment: [some-environment]\n");
  expect(() => StackSettings.read(project, "dev")).toThrow("the embedded engine does not support 'environment'");
});

test("a config file that does not exist is an error", () => {
  expect(() => StackSettings.read(projectWith(""), "dev", "/nowhere/x.yaml")).toThrow(
    "the file /nowhere/x.yaml, named by --config-file, does not exist",
  );
});
