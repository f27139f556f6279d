import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readStack, stacksOf } from "../../settings/stackFile";
import { folderTree } from "../../settings/tree";
import { property } from "../rotation/declarations";
import { accountYaml, stackYaml, tree } from "./trees";

function read(files: Readonly<Record<string, string>> | string) {
  return readStack(tree(typeof files === "string" ? { "Pulumi.prod.yaml": files } : files), "prod");
}

const told = (files: Readonly<Record<string, string>> | string) =>
  read(files)?.faults.map(({ file, line, path, found }) => `${file}:${line ?? ""} ${path}: ${found}`);

test("the sandbox's stack can be used", () => {
  expect(readStack(folderTree(join(__dirname, "../..")), "sandbox")?.faults).toEqual([]);
});

test("the stacks are the files beside the project's own", () => {
  const files = ["Pulumi.yaml", "Pulumi.prod.yaml", "Pulumi.eu-1.yaml", "accounts/Pulumi.no.yaml"];
  expect(stacksOf(tree(Object.fromEntries(files.map((path) => [path, ""]))))).toEqual(["eu-1", "prod"]);
});

test("a stack without a file is none, and a name leads to no other file", () => {
  expect(readStack(tree({}), "prod")).toBeUndefined();
  expect(readStack(tree({ "Pulumi.../x.yaml": stackYaml() }), "../x")).toBeUndefined();
});

test("days may stand without quotes, and encrypted values of others do not matter", () => {
  const text = stackYaml("  aws:token:\n    secure: v1:abc").replace('"2026-11-23"', "2026-11-23");
  expect(read(`encryptionsalt: v1:x\n${text}`)?.settings?.accounts[0]?.rotation.startsOn).toBe("2026-11-23");
});

test("a key of ours that is not known is told with its line and the one that was meant", () => {
  expect(read(stackYaml("  pat-rotation:freezs: []"))?.faults).toEqual([
    {
      file: "Pulumi.prod.yaml",
      line: 8,
      path: "pat-rotation:freezs",
      found: "an unknown key",
      expected: '"freezes", if that is what you mean',
    },
  ]);
});

test("a key of ours under a namespace that is nearly ours is told: nobody would read it", () => {
  expect(read(stackYaml("  pat-roation:freezes: []\n  aws:region: eu\n  rotations:color: red"))?.faults).toEqual([
    {
      file: "Pulumi.prod.yaml",
      line: 8,
      path: "pat-roation:freezes",
      found: "a key that nobody reads",
      expected: '"pat-rotation:freezes", if that is what you mean',
    },
  ]);
});

test("what follows from a line that cannot be read is not told as a fault of its own", () => {
  const broken = stackYaml().replace(/^( +)(token:.*)$/m, "\t$2");
  expect(read(broken)?.faults).toHaveLength(1);
  expect(told(broken)?.[0]).toContain("Tabs are not allowed as indentation");
  expect(read(`${stackYaml()}  pat-rotation:fleet: b\n  pat-rotation:fleet: c\n`)?.faults).toHaveLength(2);
});

test("accounts that are too many to be handed to the program are told before a run fails of it; in files they are not", () => {
  const account = (at: number) => accountYaml(`a${at}`).trim().replaceAll("\n", "\n      ");
  const inline = (count: number) => {
    const accounts = Array.from({ length: count }, (_, at) => `    - ${account(at)}\n`);
    return `config:\n  pat-rotation:fleet: f\n  pat-rotation:accounts:\n${accounts.join("")}`;
  };
  expect(read(inline(100))?.faults).toEqual([]);
  const [fault, ...others] = read(inline(1_500))?.faults ?? [];
  expect(others).toEqual([]);
  expect(fault).toMatchObject({ path: "pat-rotation:accounts", line: 3 });
  expect(fault?.found).toMatch(/^\d+ bytes of configuration as it travels$/);
  expect(fault?.expected).toContain("131072 at most, 128 KiB");
});

test("faults inside of accounts are told with their line", () => {
  expect(told(stackYaml().replace("2026-11-23", "2026-02-30"))).toEqual([
    'Pulumi.prod.yaml:7 pat-rotation:accounts[0].rotation.startsOn: "2026-02-30"',
  ]);
});

test("an encrypted setting of ours is a fault", () => {
  expect(told(stackYaml("  pat-rotation:freezes:\n    secure: v1:abc"))).toEqual([
    "Pulumi.prod.yaml:8 pat-rotation:freezes: an encrypted value",
  ]);
});

test("what is no YAML is told with line and column, and never with what looks like a token", () => {
  expect(told("config:\n  pat-rotation:fleet: [a\n")).toEqual([
    "Pulumi.prod.yaml:3 column 1: what is no YAML: Flow sequence in block collection must be sufficiently indented and end with a ]",
  ]);
  const pasted = ["gl", "pat-", "a1".repeat(10)].join("");
  expect(JSON.stringify(read(`config: {}\n*${pasted}`)?.faults)).not.toContain(pasted);
});

test("aliases that grow without bound are refused", () => {
  const levels = Array.from({ length: 12 }, (_, level) => `l${level}: &l${level} [${`*l${level - 1},`.repeat(9)}]`);
  const bomb = ["l0: &l0 [a]", ...levels.slice(1), "config: *l11"].join("\n");
  expect(read(bomb)?.faults[0]?.found).toMatch(/^what cannot be resolved: .*alias/i);
});

test("a second document in a file is told: nobody would read it, and its accounts would not rotate", () => {
  expect(told(`${stackYaml("")}\n---\nconfig: {}\n`)?.map((fault) => fault.replace(/\d+/g, "n"))).toEqual([
    "Pulumi.prod.yaml:n column n: a second document in the file",
  ]);
  const stack = read({
    "Pulumi.prod.yaml": include("[accounts/*.yaml]"),
    "accounts/a.yaml": `${accountYaml("a")}\n---\n${accountYaml("b")}`,
  });
  expect(stack?.faults).toMatchObject([{ file: "accounts/a.yaml", found: "a second document in the file" }]);
});

test("a file that is empty, or holds something else, says what it should hold", () => {
  for (const text of ["", "config:", "- a", "config: [a]", "just words"]) {
    expect(told(text)?.[0]).toMatch(/^Pulumi\.prod\.yaml:1? config: /);
  }
});

const include = (patterns: string) => stackYaml(`  pat-rotation:accountFiles: ${patterns}`);

test("accounts of several files stand behind those of the stack, in the order of their paths", () => {
  const stack = read({
    "Pulumi.prod.yaml": include("[accounts/*.yaml]"),
    "accounts/b.yaml": `- ${accountYaml("b1").replaceAll("\n", "\n  ")}\n- ${accountYaml("b2").replaceAll("\n", "\n  ")}`,
    "accounts/a.yaml": accountYaml("a"),
    "accounts/deep/c.yaml": accountYaml("c"),
    "accounts/empty.yaml": "# nothing yet\n",
    "accounts/readme.md": "no account",
  });
  expect(stack?.faults).toEqual([]);
  expect(stack?.settings?.accounts.map(({ name }) => name)).toEqual(["inventory", "a", "b1", "b2"]);
  expect(stack?.accountFiles).toEqual(["accounts/a.yaml", "accounts/b.yaml", "accounts/empty.yaml"]);
});

test("two stars reach into folders, and a stack may hold no account of its own", () => {
  const text = "config:\n  pat-rotation:fleet: x\n  pat-rotation:accountFiles: accounts/**/*.yaml\n";
  const files = {
    "Pulumi.prod.yaml": text,
    "accounts/a.yaml": accountYaml("a"),
    "accounts/x/y/c.yaml": accountYaml("c"),
  };
  expect(read(files)?.settings?.accounts.map(({ name }) => name)).toEqual(["a", "c"]);
});

test("a pattern costs no more than its length times that of the path", () => {
  const path = `accounts/${"a/".repeat(100)}${"a".repeat(200)}.yaml`;
  const stack = (pattern: string) =>
    read({
      "Pulumi.prod.yaml": `config:\n  pat-rotation:fleet: x\n  pat-rotation:accountFiles: "${pattern}"\n`,
      [path]: accountYaml("a"),
    });
  const stars = (end: string) => `accounts/${"**/".repeat(20)}${"*a".repeat(60)}*${end}.yaml`;
  expect(stack(stars("b"))?.faults[0]?.found).toMatch(/which no file fits$/);
  expect(stack(stars("a?"))?.settings?.accounts.map(({ name }) => name)).toEqual(["a"]);
});

test("faults name the file, the line, and the place inside of it", () => {
  expect(
    told({
      "Pulumi.prod.yaml": include("[accounts/*.yaml]"),
      "accounts/a.yaml": accountYaml("a", "onRemove: refuse").replace("2026-11-23", "soon"),
      "accounts/b.yaml": `- ${accountYaml("inventory").replaceAll("\n", "\n  ")}`,
      "accounts/c.yaml": "name: [",
      "accounts/d.yaml": "words",
    }),
  ).toEqual([
    "accounts/c.yaml:1 column 8: what is no YAML: Flow sequence in block collection must be sufficiently indented and end with a ]",
    'accounts/d.yaml:1 : "words"',
    "accounts/a.yaml:5 onRemove: an unknown key",
    'accounts/a.yaml:4 rotation.startsOn: "soon"',
    'accounts/b.yaml:1 [0].name: "inventory", which accounts[0].name has as well',
  ]);
});

test("only YAML files inside the project can be named, and each name must fit one", () => {
  const bad = [
    "/etc/passwd.yaml",
    "../other/*.yaml",
    "accounts/../../x.yaml",
    ".git/x.yaml",
    "accounts/*.json",
    "**/*.yaml",
    7,
    "",
  ];
  const faults = told(include(JSON.stringify([...bad, "accounts/*.yaml"])));
  expect(faults).toHaveLength(bad.length + 1);
  expect(faults?.at(-1)).toBe('Pulumi.prod.yaml:8 pat-rotation:accountFiles[8]: "accounts/*.yaml", which no file fits');
});

test("a stack without any account says so", () => {
  expect(told("config:\n  pat-rotation:fleet: x\n")).toEqual(["Pulumi.prod.yaml:1 pat-rotation:accounts: nothing"]);
});

const whole = include("[accounts/*.yaml]");
const other = accountYaml("a", "adopt: { tokenId: 7, expiresAt: 2026-12-01 }\ncompromised: []\n");

test("a file cut off anywhere is read, or told what and where", () => {
  const cut = fc.record({ stack: fc.nat(whole.length), account: fc.nat(other.length) });
  fc.assert(
    fc.property(cut, ({ stack, account }) => {
      check({ "Pulumi.prod.yaml": whole.slice(0, stack), "accounts/a.yaml": other.slice(0, account) });
    }),
    { ...property, numRuns: property.numRuns * 5 },
  );
});

test("a file with anything put into it is read, or told what and where", () => {
  const noise = fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.constantFrom(
      "\t",
      ": ",
      "- ",
      "[",
      "{",
      "&a ",
      "*a",
      "!!js ",
      "<<: ",
      "\n",
      "\0",
      "null",
      "'",
      '"',
      "|",
      "%",
      "---\n",
    ),
  );
  const edit = fc.record({ at: fc.nat(whole.length), remove: fc.nat(8), put: noise });
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
      const text = edits.reduce((all, { at, remove, put }) => all.slice(0, at) + put + all.slice(at + remove), whole);
      check({ "Pulumi.prod.yaml": text, "accounts/a.yaml": other });
    }),
    { ...property, numRuns: property.numRuns * 5 },
  );
});

test("any value at all in place of the settings is told what and where", () => {
  fc.assert(
    fc.property(
      fc.json({ maxDepth: 4 }),
      fc.constantFrom("accounts", "freezes", "policies", "accountFiles", "fleet"),
      (json, key) => {
        check({ "Pulumi.prod.yaml": `config:\n  pat-rotation:${key}: ${json}\n` });
      },
    ),
    property,
  );
});

function check(files: Readonly<Record<string, string>>): void {
  const stack = read(files);
  if (stack === undefined) throw new Error("the stack has a file");
  expect(stack.settings === undefined).toBe(stack.faults.length > 0);
  for (const { file, found, expected } of stack.faults) {
    expect(Object.keys(files)).toContain(file);
    expect(found).not.toBe("");
    expect(expected).not.toBe("");
    expect(`${found}${expected}`).not.toMatch(/\n|undefined|\[object|at .*\.ts:/);
  }
}
