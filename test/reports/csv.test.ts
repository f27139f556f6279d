import fc from "fast-check";
import { expect, test } from "vitest";
import { csvOf } from "../../reports/csv";

/** The cells of a line that a program reads which takes that character for the end of a cell. */
function read(csv: string, separator = ","): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain = "", end] of csv.matchAll(
    separator === "," ? /(?:"((?:[^"]|"")*)"|([^,\r\n"]*))(,|\r\n)/g : /(?:"((?:[^"]|"")*)"|([^;\r\n"]*))(;|\r\n)/g,
  )) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === "\r\n") rows.push([]);
  }
  return rows.slice(0, -1);
}

const one = (text: string) => read(csvOf({ cell: () => text }, [text]))[1]?.[0];

const starts = ["=", "+", "-", "@", "\uFF1D", "\uFF0B", "\uFF0D", "\uFF20", "\u2212"];
const before = [
  "",
  " ",
  "   ",
  "\u00A0",
  "\u3000",
  "\t",
  "\r",
  "\n",
  "\u200B",
  "\uFEFF",
  "\u202E",
  "\u0000",
  " \t\u00A0",
];

test.each(before)("a cell that begins like a formula is a text, behind %j too", (blank) => {
  for (const start of starts) expect(one(`${blank}${start}1+1`)).toMatch(/^(\n)?'/);
});

test("so is what a program takes for another cell or another row", () => {
  expect(one("a; =1+1")).toBe("a;' =1+1");
  expect(one("a\n=1+1")).toBe("a\n'=1+1");
  expect(one("a\t=1+1")).toBe("a =1+1");
});

test("all else is as it was written", () => {
  for (const text of [
    "",
    "a",
    "a, b",
    'say "x"',
    "two\nlines",
    "2026-11-23",
    "proved https://x/?a=b",
    "a - b",
    "x=1",
    "ü; ö",
  ])
    expect(one(text)).toBe(text);
  expect(csvOf({ a: () => -5, b: () => true, c: () => undefined }, [1])).toBe("a,b,c\r\n-5,true,\r\n");
});

test("whatever people write, no cell begins like a formula, and the rows stay the rows that they were", () => {
  const piece = fc.constantFrom(...starts, ...before, ";", ",", '"', "a", "\r\n", "\u{E0041}");
  const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(""));
  fc.assert(
    fc.property(text, text, (a, b) => {
      const rows = read(csvOf({ a: () => a, b: () => b, c: () => "end" }, [1]));
      expect(rows).toHaveLength(2);
      expect(rows[1]).toHaveLength(3);
      for (const cell of rows[1] ?? [])
        for (const part of cell.split(/[;\n]/)) expect(part).not.toMatch(/^\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20\u2212]/);
    }),
  );
});
