import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { oneLine, visible, visibleJson } from "../../ground/visible";

const root = join(__dirname, "../..");
const rooms = [
  "ground",
  "contract",
  "rotation",
  "settings",
  "reports",
  "components",
  "program",
  "clients",
  "providers",
  "engines",
  "commands",
];
const files = rooms.flatMap((room) =>
  readdirSync(join(root, room), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(room, name)),
);

/** Turns the direction, is not seen, commands a terminal, ends a line for some. */
const hidden = [
  "\u202E",
  "\u2066",
  "\u200B",
  "\u2060",
  "\uFEFF",
  "\u034F",
  "\u3164",
  "\u2800",
  "\u{E0041}",
  "\u0007",
  "\u001B[2J",
  "\u009B2J",
  "\u0085",
];

test.each(hidden)("a text shows all that it says, and does nothing: %j", (one) => {
  const rest = one.replace(/^\P{L}/u, "");
  expect(oneLine(`Secu${one}rity`)).toMatch(/^Secu [[2J]*rity$/);
  expect(visible(`a\n  Secu${one}rity`)).toMatch(/^a\n {2}Secu [[2J]*rity$/);
  expect(visibleJson(JSON.stringify(`Secu${one}rity`))).not.toContain(one.slice(0, one.length - rest.length) || one);
});

test("line breaks of every kind end a line, or are a blank where there is one only", () => {
  expect(visible("a\r\nb\rc\u2028d\u2029e\n\nf")).toBe("a\nb\nc\nd\ne\n\nf");
  expect(oneLine("a\r\nb\rc\u2028d")).toBe("a b c d");
});

test("nothing of it is a colour for the Pulumi CLI", () => {
  expect(oneLine("<{%reset%}>")).toBe("< {%reset%}>");
  expect(oneLine("<\u200B{%reset%}>")).toBe("< {%reset%}>");
});

test("a document in JSON stays the document that it was", () => {
  const document = { name: hidden.join("x"), emoji: "\u{1F469}\u200D\u{1F4BB}", lines: ["a\nb", "ü – „“ 中"] };
  const text = visibleJson(JSON.stringify(document, undefined, 2));
  expect(JSON.parse(text)).toEqual(document);
  expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/u);
  expect(text).toContain("ü – „“ 中");
  expect(text.split("\n")).toHaveLength(8);
});

test("what cannot be seen is known in one place", () => {
  const others = files.filter((file) =>
    /\\p\{(C[cf]?|Z[lp]|Default_Ignorable|Bidi)/.test(readFileSync(join(root, file), "utf8")),
  );
  expect(others).toEqual(["ground/visible.ts"]);
});

test("the ground imports nothing of another room, and reads the clock in one place", () => {
  const grounds = files
    .filter((file) => file.startsWith("ground/"))
    .map((file) => ({ file, text: readFileSync(join(root, file), "utf8") }));
  const having = (what: RegExp) => grounds.filter(({ text }) => what.test(text)).map(({ file }) => file);
  expect(having(/from "\.\.|\brequire\(/)).toEqual([]);
  expect(having(/\bDate\.now\b|new Date\(\)|\bprocess\.\w/)).toEqual(["ground/now.ts"]);
});
