import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { type Exit, exitCodes, exitMeanings } from "../../commands/exitCodes";
import { helpOf, overview } from "../../commands/help";
import { nearest } from "../../commands/nearest";
import { commands } from "../../commands/table/table";

test("each exit code means one thing, and each meaning has one code", () => {
  const codes = Object.values(exitCodes);
  expect(new Set(codes).size).toBe(codes.length);
  expect(Object.keys(exitMeanings)).toEqual(Object.keys(exitCodes));
});

test("the page of exit codes says what the table says, and of which commands", () => {
  const page = readFileSync(resolve(__dirname, "../../docs/exit-codes.md"), "utf8");
  const rows = Object.entries(exitMeanings).map(([exit, meaning]) => {
    const of = commands
      .filter(({ exits }) => (exits as readonly string[]).includes(exit))
      .map(({ name }) => `\`${name}\``);
    return { start: `| ${exitCodes[exit as Exit]} | ${meaning} | `, of };
  });
  for (const { start, of } of rows) {
    const row = page.split("\n").find((line) => line.startsWith(start));
    expect(row, start).toBeDefined();
    for (const name of of) expect(row).toContain(name);
    expect(row?.match(/`/g)?.length ?? 0, start).toBe(of.length * 2);
  }
});

test("a flag means the same wherever it is taken", () => {
  const same = ["account", "stack", "format", "output", "cwd", "help", "as-of", "local", "dry-run", "reason"];
  for (const name of same) {
    const kinds = commands.flatMap(({ flags }) => {
      const flag = flags[name];
      return flag === undefined ? [] : [`${flag.type} ${flag.short ?? ""} ${flag.completes ?? ""}`];
    });
    expect(new Set(kinds).size, `${name}: ${kinds.join("; ")}`).toBe(1);
  }
});

test("whatever prints a report can write it to a file, and as JSON", () => {
  for (const { name, flags } of commands.filter(({ flags }) => flags.format !== undefined)) {
    expect(flags.output?.type, name).toBe("string");
    expect(flags.format?.choices, name).toContain("json");
  }
});

test.each([80, 100])("the list and each help fit %i columns", (width) => {
  for (const text of [overview(commands, width), ...commands.map((one) => helpOf(one, width))])
    for (const line of text.split("\n")) expect(line.length, line).toBeLessThanOrEqual(width);
});

test("every command has a summary in a line, an example and no flag that is not told", () => {
  for (const { name, summary, examples, flags } of commands) {
    expect(summary.length, name).toBeLessThan(95);
    expect(examples.length, name).toBeGreaterThan(0);
    for (const [flag, { told }] of Object.entries(flags)) expect(told, `${name} --${flag}`).not.toBe("");
  }
});

test("the nearest name is the one with the fewest letters wrong, swapped ones and beginnings among them", () => {
  const names = commands.map(({ name }) => name);
  expect([nearest("helath", names), nearest("inv", names), nearest("dcotor", names), nearest("zzz", names)]).toEqual([
    "health",
    "inventory",
    "doctor",
    undefined,
  ]);
});
