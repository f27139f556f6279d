import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readProject } from "../../../../workshop/engine/state/project";
import { Crypter } from "../../../../workshop/engine/state/secrets";
import { StackSettings } from "../../../../workshop/engine/state/settings";

function projectWith(settings: string) {
  const directory = mkdtempSync(join(tmpdir(), "settings-"));
  writeFileSync(join(directory, "Pulumi.yaml"), "name: proj\nruntime: nodejs\nmain: index.js\n");
  writeFileSync(join(directory, "Pulumi.dev.yaml"), settings);
  return readProject(directory);
}

const none = () => {
  throw new Error("no passphrase");
};

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
  expect(new StackSettings(project, "dev").config(none)).toStrictEqual({
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
  const crypter = new Crypter("x");
  const project = projectWith(`
config:
  proj:a: { secure: "${crypter.encrypt("one")}" }
  proj:b: { inner: [{ secure: "${crypter.encrypt("two")}" }] }
  proj:c: plain
`);
  const settings = new StackSettings(project, "dev");
  expect(settings.config(() => crypter)).toStrictEqual({
    values: { "proj:a": "one", "proj:b": '{"inner":["two"]}', "proj:c": "plain" },
    secretKeys: ["proj:a", "proj:b"],
  });
  expect(() => settings.config(none)).toThrow("no passphrase");
});

test("writing keeps comments and everything that was not changed", async () => {
  const project = projectWith(`# about the stack
config:
  proj:a: 5 # about a
  proj:list:
    - { from: 2026-12-19, to: "2027-01-04" }
  changed: x
`);
  const settings = new StackSettings(project, "dev");
  settings.set("token", "v1:nonce:text");
  settings.set("changed", "v1:nonce:other");
  settings.salt = "v1:abc";
  await settings.write();
  expect(readFileSync(settings.path, "utf8")).toBe(`# about the stack
config:
  proj:a: 5 # about a
  proj:list:
    - { from: 2026-12-19, to: "2027-01-04" }
  proj:token:
    secure: v1:nonce:text
  proj:changed:
    secure: v1:nonce:other
encryptionsalt: v1:abc
`);
});

test("a stack without a file has no configuration, and gets a file when it is written", async () => {
  const project = projectWith("");
  const settings = new StackSettings(project, "fresh");
  expect(settings.config(none)).toStrictEqual({ values: {}, secretKeys: [] });
  settings.set("a", "v1:nonce:text");
  await settings.write();
  expect(readFileSync(settings.path, "utf8")).toBe("config:\n  proj:a:\n    secure: v1:nonce:text\n");
});

test("what the engine does not support in the settings is refused", () => {
  const project = projectWith("environment: [some-environment]\n");
  expect(() => new StackSettings(project, "dev")).toThrow("the embedded engine does not support 'environment'");
});

test("a project is in the folder of its Pulumi.yaml, not in one below", () => {
  const below = join(projectWith("").directory, "below");
  mkdirSync(below);
  expect(() => readProject(below)).toThrow(`no Pulumi.yaml project file found in ${below}: name its folder with --cwd`);
});

test("a config file that does not exist is an error", () => {
  expect(() => new StackSettings(projectWith(""), "dev", "/nowhere/x.yaml")).toThrow(
    "the file /nowhere/x.yaml, named by --config-file, does not exist",
  );
});

describe("an unquoted scalar means what it means to the CLI", () => {
  test.each([
    ["2026-11-23", "2026-11-23 00:00:00 +0000 UTC"],
    ["2026-1-2", "2026-01-02 00:00:00 +0000 UTC"],
    ["2026-02-31", "2026-02-31"],
    ["true", "true"],
    ["True", "true"],
    ["yes", "yes"],
    ["~", ""],
    ["0o17", "15"],
    ["0x1F", "31"],
    ["-5", "-5"],
    ["+5", "5"],
    ["1.50", "1.5"],
    [".5", "0.5"],
    ["1e3", "1000"],
    ["1e22", "1e+22"],
    ["12345678901234567890", "12345678901234567890"],
    ["190:20:30", "190:20:30"],
    ["v1.2", "v1.2"],
  ])("%s", (text, value) => {
    const settings = new StackSettings(projectWith(`config: { proj:a: ${text} }`), "dev");
    expect(settings.config(none).values["proj:a"]).toBe(value);
  });

  test.each([
    ["0777", "511"],
    ["0b11", "3"],
    ["1_000", "1000"],
    ["2026-11-23T10:11:12Z", "2026-11-23 10:11:12 +0000 UTC"],
    ["2026-11-23 10:11:12", "2026-11-23 10:11:12 +0000 UTC"],
  ])("%s, by older rules", (text, value) => {
    const settings = new StackSettings(projectWith(`config: { proj:a: ${text} }`), "dev");
    expect(settings.config(none).values["proj:a"]).toBe(value);
  });

  test("infinity, which the CLI refuses as well", () => {
    const settings = new StackSettings(projectWith("config: { proj:a: .inf }"), "dev");
    expect(() => settings.config(none)).toThrow("config.proj:a: found what is no number");
  });
});

test("the folder of the stacks and the defaults of Pulumi.yaml are heeded", () => {
  const { directory } = projectWith("");
  const whole =
    "name: proj\nruntime: nodejs\nstackConfigDir: stacks\nconfig: { a: x, b: { type: integer, default: 5 } }\n";
  writeFileSync(join(directory, "Pulumi.yaml"), whole);
  mkdirSync(join(directory, "stacks"));
  writeFileSync(join(directory, "stacks/Pulumi.dev.yaml"), "config: { a: y }\n");
  const settings = new StackSettings(readProject(directory), "dev");
  expect(settings.config(none).values).toStrictEqual({ "proj:a": "y", "proj:b": "5" });
});

describe("a merge key means what it means to the CLI", () => {
  const config = (text: string) => new StackSettings(projectWith(text), "dev").config(none).values;

  test.each([
    ["what stands beside it wins", "{ y: 3, <<: *a }", '{"x":1,"y":3}'],
    ["also before it", "{ <<: *a, y: 3 }", '{"x":1,"y":3}'],
    ["of several the first wins", "{ <<: [{ x: 9, w: 5 }, *a] }", '{"w":5,"x":9,"y":2}'],
    ["in a list", "[{ <<: *a }, { <<: { q: 1 } }]", '[{"x":1,"y":2},{"q":1}]'],
    ["one within another", "{ <<: { <<: *a, x: 7 } }", '{"x":7,"y":2}'],
    ["of none", "{ <<: [], y: 2 }", '{"y":2}'],
    ["with a day", "{ <<: { d: 2026-11-23 } }", '{"d":"2026-11-23 00:00:00 +0000 UTC"}'],
    ["in quotes", '{ "<<": *a }', '{"x":1,"y":2}'],
  ])("%s", (_name, text, value) => {
    expect(config(`config:\n  proj:a: &a { x: 1, y: 2 }\n  proj:b: ${text}\n`)["proj:b"]).toBe(value);
  });

  test("among the keys of the configuration itself", () => {
    expect(config("common: &c { proj:x: 1, proj:y: 1 }\nconfig:\n  <<: *c\n  proj:y: 2\n")).toStrictEqual({
      "proj:x": "1",
      "proj:y": "2",
    });
  });

  test.each(["{ <<: text }", "{ <<: null }", "{ <<: *list }", '{ "<<": text }'])("%s is refused", (text) => {
    expect(() => config(`config:\n  proj:a: &list [1]\n  proj:b: ${text}\n`)).toThrow(/merge/i);
  });

  test("two in one mapping are refused", () => {
    expect(() => config("config:\n  proj:b:\n    <<: { x: 1 }\n    <<: { y: 1 }\n")).toThrow("is no YAML mapping");
  });
});
