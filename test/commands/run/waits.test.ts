import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { Waits, waitsText } from "../../../commands/run/waits";
import { WaitNotes } from "../../../providers/runbook/waitNote";

const link = "https://gitlab.example.com/a/b/-/pipelines/7";

test("what lasts is told: what, since when, until when, with the link; what is over is not", () => {
  const since = "2026-12-14T06:30:00.000Z";
  const wait = {
    about: 'schedule "Weekly" of "a/b"',
    what: `running, ${link}`,
    since,
    until: "2026-12-14T07:00:00.000Z",
  };
  const noted = [wait, { ...wait, about: "another" }, { about: "another", since, over: true }].map((one) =>
    JSON.stringify(one),
  );
  expect(waitsText(`${noted.join("\n")}\n{"cut sho`, new Date("2026-12-14T06:42:10Z"))).toBe(
    `Waiting for schedule "Weekly" of "a/b": running, ${link}; since 06:30 UTC (12 min), until 07:00 UTC at most.\n`,
  );
  expect(waitsText("", new Date())).toBe("");
});

test("a provider's notes reach the wrapper, which tells them once a minute and stops at the end", () => {
  vi.useFakeTimers({ now: new Date("2026-12-14T06:30:00Z") });
  const folder = mkdtempSync(join(tmpdir(), "waits-"));
  const told: string[] = [];
  const waits = new Waits(join(folder, "waits"), { tell: (text) => told.push(text), isTable: false });
  const notes = new WaitNotes(waits.environment);
  notes.note({ about: 'ref "main" of "a/b"', what: `running, ${link}`, left: 600_000 });
  vi.advanceTimersByTime(120_000);
  expect(told).toEqual([
    `Waiting for ref "main" of "a/b": running, ${link}; since 06:30 UTC (1 min), until 06:40 UTC at most.\n`,
    `Waiting for ref "main" of "a/b": running, ${link}; since 06:30 UTC (2 min), until 06:40 UTC at most.\n`,
  ]);
  notes.end();
  vi.advanceTimersByTime(60_000);
  waits.stop();
  vi.advanceTimersByTime(600_000);
  expect(told).toHaveLength(2);
  expect(readFileSync(join(folder, "waits"), "utf8").trim().split("\n")).toHaveLength(2);
  rmSync(folder, { recursive: true });
  vi.useRealTimers();
});

test("where the engine keeps a table in a terminal, the window's title tells it live, and is taken away at the end", () => {
  vi.useFakeTimers({ now: new Date("2026-12-14T06:30:00Z") });
  const folder = mkdtempSync(join(tmpdir(), "waits-"));
  const told: string[] = [];
  const waits = new Waits(join(folder, "waits"), { tell: (text) => told.push(text), isTable: true });
  vi.advanceTimersByTime(5000);
  expect(told).toEqual([]);
  new WaitNotes(waits.environment).note({ about: 'ref "main" of "a/b"', what: `running, ${link}`, left: 600_000 });
  vi.advanceTimersByTime(5000);
  waits.stop();
  const [begin, end] = ["\u001b]0;", "\u0007"];
  expect(told).toEqual([
    `${begin}Waiting for ref "main" of "a/b": running, ${link}; since 06:30 UTC (0 min), until 06:40 UTC at most.${end}`,
    `${begin}${end}`,
  ]);
  rmSync(folder, { recursive: true });
  vi.useRealTimers();
});

test("without a wrapper nothing is noted", () => {
  const notes = new WaitNotes({});
  notes.note({ about: "x", what: "y", left: 1 });
  notes.end();
});
