import { expect, test } from "vitest";
import { nextDates, outlook } from "../../../rotation/plan/outlook";
import { workSince } from "../../work";
import { account, settings } from "../declarations";

test("what is overdue comes first, then the next days, then some of what is later", () => {
  const scanner = account({ name: "scanner", rotation: { startsOn: "2026-12-14" } });
  const pending = [
    { date: "2026-11-23", account: "inventory", event: "mint" as const, generation: "2026-11-23", explanation: "" },
  ];
  const { entries, more, later } = outlook(
    settings([account(), scanner]),
    [{ account: "inventory", pending }],
    "2026-12-01",
  );
  expect(entries.map(({ date, account, event, due }) => `${date} ${account} ${event} ${due}`)).toEqual([
    "2026-11-23 inventory mint overdue",
    "2026-12-14 scanner mint soon",
    "2027-10-25 inventory mint later",
  ]);
  expect([more, later]).toEqual([0, 0]);
});

test("nothing that was done is told again on its own day", () => {
  const { entries } = outlook(settings([account()]), [], "2026-11-23");
  expect(entries.map(({ date }) => date)).toEqual(["2027-10-25"]);
});

test("a token that dies today is at risk until its successor is known to have taken its place", () => {
  const dying = account({ adopt: { tokenId: 7, expiresAt: "2026-11-23" } });
  const told = (runs: Parameters<typeof outlook>[1]) =>
    outlook(settings([dying]), runs, "2026-11-23").entries.flatMap(({ event, atRisk }) => (atRisk ? [event] : []));
  const mint = { date: "2026-11-23", account: "inventory", event: "mint" as const, generation: "x", explanation: "" };
  expect(told([{ account: "inventory", pending: [mint] }])).toEqual(["expire"]);
  expect(told([])).toEqual(["expire"]);
  expect(told([{ account: "inventory", pending: [] }])).toEqual([]);
  const alone = account({ rotation: { startsOn: "2026-11-30" }, adopt: { tokenId: 7, expiresAt: "2026-11-23" } });
  expect(outlook(settings([alone]), [{ account: "inventory", pending: [] }], "2026-11-23").entries[0]?.atRisk).toBe(
    true,
  );
});

test("the next dates say where a token goes and what proves it, and stay the same from day to day", () => {
  const proof = [{ project: "security/builder", schedule: "Weekly", jobs: ["build"], waitMinutes: 30 }];
  const onePassword = [{ vault: "Security", item: "Inventory", field: "credential" }];
  const all = settings([account({ proof, onePassword })]);
  const dates = nextDates(all, "2026-12-01");
  expect(dates).toEqual([
    {
      date: "2027-10-25",
      account: "inventory",
      event: "mint",
      generation: "2027-10-25",
      consumers: ['field "credential" of 1Password item "Inventory" in vault "Security"'],
      proofs: ['security/builder: schedule "Weekly" (job build)'],
    },
  ]);
  expect(nextDates(all, "2027-03-01")).toEqual(dates);
});

test("of a thousand accounts forty dates are told, the others counted, in well under a second", () => {
  const accounts = Array.from({ length: 1000 }, (_, at) =>
    account({ name: `robot-${at}`, rotation: { startsOn: at < 100 ? "2026-12-14" : "2027-02-01" } }),
  );
  const all = settings(accounts);
  const work = workSince();
  const { entries, more, later } = outlook(all, [], "2026-12-01");
  expect(work()).toBeLessThan(5_000);
  expect(entries).toHaveLength(40);
  expect([more, later]).toEqual([60, 900]);
});
