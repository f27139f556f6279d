import { expect, test } from "vitest";
import { type Preview, preview } from "../../reports/preview";
import type { Paint } from "../../reports/writer";
import { generations } from "../../rotation/generations";
import { accountHealth } from "../../rotation/health";
import { outlook } from "../../rotation/outlook";
import type { Settings } from "../../rotation/settings";
import { accountRun } from "../../rotation/steps";
import { settings } from "../rotation/declarations";
import { evil, evilSettings, inventory } from "./plans";

const noPaint: Paint = (_, words) => words;
const today = "2026-12-14";

/** The day on which each account opens a generation, as a preview would find it. */
function opening(declared: Settings): Preview {
  const runs = declared.accounts.map((account) => {
    const all = generations(account, declared.freezes, today);
    const tokens = all.map(({ name, lifecycle }) => {
      const isNew = lifecycle === "current";
      return { generation: name, isNew, tokenId: isNew ? undefined : 7, status: "live", hold: "" };
    });
    return accountRun(account, all, { tokens, newPlaces: [], proves: true }, today);
  });
  return { today, runs, outlook: outlook(declared, runs, today), unchecked: [] };
}

const rotating = inventory({
  rotation: { startsOn: "2026-11-23", extraDates: [{ date: today, reason: "left the team" }] },
});

test("a preview tells the run, the dates, how the tokens fare, and what was not looked at", () => {
  const declared = settings([rotating]);
  const live = [
    {
      id: 7,
      name: "Inventory",
      scopes: ["read_api"],
      mark: { fleet: "platform", account: "inventory", generation: "2026-11-23" },
      expiresAt: "2027-11-23",
      lastUsedAt: "2026-12-14T06:20:00Z",
    },
    { id: 9, name: "debugging", scopes: ["api"] },
  ];
  const health = [accountHealth(rotating, declared, live, today)];
  const unchecked = ["scanner: its tokens could not be listed: GitLab answered 403."];
  expect(preview({ ...opening(declared), health, unchecked }, 96, noPaint)).toBe(
    `Mon 14 Dec 2026: this run mints 1 token, proves 1 token.

This run
  inventory
    · mints 2026-12-14; it expires on Tue 14 Dec 2027
    · stores it in 1Password Security / Inventory / credential; variable TOKEN of
      security/builder
    · proves it by security/builder: schedule "Weekly" (job build)
    · keeps 2026-11-23 (token 7) until Mon 21 Dec 2026

Calendar
  Mon 14 Dec 2026  today       inventory  new token    2026-12-14
                   in 1Password Security / Inventory / credential; variable TOKEN of
                   security/builder
                   proved by security/builder: schedule "Weekly" (job build)
  Mon 21 Dec 2026  in 7 days   inventory  revoke old   2026-11-23
  Mon 25 Oct 2027              inventory  new token    2027-10-25

Health, as GitLab has it
  account    generation    token     state     dies             last used
  inventory  2026-11-23    7         alive     Tue 23 Nov 2027  today 06:20
  inventory  2026-12-14              unminted  Tue 14 Dec 2027
  - inventory: token 9 "debugging" (scopes api; never expires; never used) is not declared; it
    bears no mark: somebody made it by hand.

Not checked
  - scanner: its tokens could not be listed: GitLab answered 403.
`,
  );
});

test("no line is longer than the terminal, whatever is declared", () => {
  const named = settings(Array.from({ length: 30 }, (_, at) => ({ ...rotating, name: `${"x".repeat(55)}-${at}` })));
  for (const width of [96, 76]) {
    for (const declared of [named, evilSettings]) {
      const health = declared.accounts.map((account) =>
        accountHealth(account, declared, [{ id: 9, name: evil, scopes: [evil] }], today),
      );
      const lines = preview({ ...opening(declared), health, unchecked: [evil] }, width, noPaint).split("\n");
      expect(lines.filter((line) => line.length > width)).toEqual([]);
    }
  }
});

test("of a thousand accounts twenty are told step by step, and the others counted", () => {
  const declared = settings(Array.from({ length: 1000 }, (_, at) => ({ ...rotating, name: `robot-${at}` })));
  const health = declared.accounts.map((account) => accountHealth(account, declared, [], today));
  const begin = performance.now();
  const told = preview({ ...opening(declared), health }, 96, noPaint);
  expect(performance.now() - begin).toBeLessThan(10_000);
  expect(told).toContain("Mon 14 Dec 2026: this run mints 1000 tokens, proves 1000 tokens.");
  expect(told).toContain("  and 980 more accounts\n");
  expect(told.split("\n").length).toBeLessThan(450);
});

test("looks are put in by whoever paints, and change nothing else", () => {
  const painted = preview(opening(settings([rotating])), 96, (style, words) => `<${style}>${words}</${style}>`);
  expect(painted).toContain("    <green>· </green>mints 2026-12-14");
  expect(painted).toContain("<yellow>today     </yellow>");
  expect(painted.replaceAll(/<\/?[a-z]+>/g, "")).toBe(preview(opening(settings([rotating])), 96, noPaint));
});
