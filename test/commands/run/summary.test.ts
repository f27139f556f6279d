import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { failuresText, summaryOf } from "../../../commands/run/summary";

const told = [
  "Mon 14 Dec 2026: this run minted 1 token.",
  "  inventory: minted token 1205",
  "1 account failed, which held up no other:",
  "  scanner: failed",
];

test("what a run came to stands as it is, the headline first", () => {
  expect(summaryOf(told.join("\n"), { width: 100, color: false })).toBe(`\n${told.join("\n")}\n`);
});

test("it takes a screen at most, and says how much is left out", () => {
  const many = [told[0], ...Array.from({ length: 60 }, (_, at) => `  account-${at}: minted token ${at}`)].join("\n");
  const [before, ...lines] = summaryOf(many, { width: 100, color: false }, 20).trimEnd().split("\n");
  expect([before, lines.length]).toEqual(["", 16]);
  expect(lines.at(-1)).toBe("  … 46 lines more: npx pat-rotation status tells of each account");
});

test("each account is told in fewer lines before one is left out", () => {
  const faults = Array.from(
    { length: 11 },
    (_, at) => `  account-${at}: ${"a fault that takes more than a line, ".repeat(6)}`,
  );
  const text = [told[0], "11 accounts failed, which held up no other:", ...faults].join("\n");
  const lines = summaryOf(text, { width: 80, color: false }, 24).trimEnd().split("\n").slice(1);
  expect(lines).toHaveLength(13);
  expect(lines.slice(2).map((line) => line.trim().split(":")[0])).toEqual(
    faults.map((one) => one.trim().split(":")[0]),
  );
  for (const line of lines.slice(2)) {
    expect(line).toMatch(/ …$/);
    expect(line.length).toBeLessThanOrEqual(80);
  }
  // Twice as high a terminal has room for two lines and more of each.
  expect(summaryOf(text, { width: 80, color: false }, 40).trimEnd().split("\n")).toHaveLength(1 + 2 + 11 * 3);
});

test("those that nothing went wrong with are left out before one that failed", () => {
  const served = Array.from({ length: 5 }, (_, at) => `  well-${at}: minted token ${at}`);
  const faults = Array.from({ length: 15 }, (_, at) => `  account-${at}: a fault`);
  const text = [told[0], ...served, "15 accounts failed, which held up no other:", ...faults].join("\n");
  for (const color of [false, true]) {
    const lines = stripVTControlCharacters(summaryOf(text, { width: 80, color }, 24))
      .trimEnd()
      .split("\n")
      .slice(1);
    expect(lines).toHaveLength(20);
    expect(lines.slice(1, 4)).toEqual([...served.slice(0, 2), "  and 3 more, without a fault"]);
    expect(lines.slice(-15)).toEqual(faults);
  }
});

test.each([80, 100, 140])("no line is wider than a terminal of %i columns", (width) => {
  const long = `${told[0]}\n  inventory: ${"proving a token by its pipelines, ".repeat(12)}`;
  for (const line of summaryOf(long, { width, color: false }).split("\n"))
    expect(line.length).toBeLessThanOrEqual(width);
});

test.each([80, 100, 140])(
  "what would fail is no wider than a terminal of %i columns, and goes on below where it began",
  (width) => {
    const fault = "checking account: 1 fault was found, and nothing was changed. ".repeat(6).trim();
    const text = failuresText(`1 account would fail, and hold up no other:\n  inventory: ${fault}`, {
      width,
      color: false,
    });
    const [empty, headline, ...lines] = text.trimEnd().split("\n");
    expect([empty, headline]).toEqual(["", "1 account would fail, and hold up no other:"]);
    expect(lines.length).toBeGreaterThan(2);
    for (const line of lines) {
      expect(line.length).toBeLessThanOrEqual(width);
      expect(line).toMatch(/^ {2}\S/);
    }
    expect(lines.map((line) => line.trim()).join(" ")).toBe(`inventory: ${fault}`);
  },
);

test("colours are used where they are wanted only", () => {
  const colour = String.fromCharCode(27);
  expect(summaryOf(told.join("\n"), { width: 80, color: true })).toContain(`${colour}[31m1 account failed`);
  expect(summaryOf(told.join("\n"), { width: 80, color: false })).not.toContain(colour);
});
