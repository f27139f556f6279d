import { expect, test } from "vitest";
import { type Preview, preview } from "../../reports/preview";
import type { Paint } from "../../reports/writer";
import { generations } from "../../rotation/calendar/generations";
import type { Settings } from "../../rotation/declaration/settings";
import { accountHealth } from "../../rotation/health/health";
import { outlook } from "../../rotation/plan/outlook";
import { accountRun } from "../../rotation/plan/steps";
import { settings } from "../rotation/declarations";
import { workSince } from "../work";
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

test("a run that only looks at what has expired is not said to revoke, nor to store", () => {
  const hand = inventory({ rotation: { startsOn: "2026-11-23" }, adopt: { tokenId: 7, expiresAt: "2026-11-23" } });
  const all = generations(hand, [], today);
  const tokens = [
    { generation: "adopted", isNew: false, tokenId: 7, status: undefined, hold: undefined },
    { generation: "2026-11-23", isNew: false, tokenId: 8, status: "live", hold: "" },
  ];
  const runs = [accountRun(hand, all, { tokens, newPlaces: [], proves: false }, today)];
  const declared = settings([hand]);
  const credential = "Our own credential, token 1001, dies on Sun 21 Feb 2027, in 69 days.";
  const text = preview(
    { today, runs, outlook: outlook(declared, runs, today), credential, unchecked: [] },
    96,
    noPaint,
  );
  expect(text).toContain("Mon 14 Dec 2026: this run looks once more at tokens that have expired.\n");
  expect(text).not.toContain("revoke old   adopted");
  expect(text.indexOf(credential)).toBeGreaterThan(text.indexOf("Calendar"));
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
    · stores it in field "credential" of 1Password item "Inventory" in vault "Security"; CI/CD
      variable "TOKEN" of project "security/builder"
    · proves it by security/builder: schedule "Weekly" (job build)
    · keeps 2026-11-23 (token 7) until Mon 21 Dec 2026

Calendar
  Mon 14 Dec 2026  today       inventory  new token    2026-12-14
                   in field "credential" of 1Password item "Inventory" in vault "Security";
                   CI/CD variable "TOKEN" of project "security/builder"
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
  const work = workSince();
  const told = preview({ ...opening(declared), health }, 96, noPaint);
  expect(work()).toBeLessThan(10_000);
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

test("an account that would fail is counted first, and its block holds why in place of what it would do", () => {
  const declared = settings([rotating]);
  const found = opening(declared);
  const fault =
    'checking account "builder": 2 faults were found, and nothing was changed.\n- the vault is away.\n- no such job.';
  const failing = { account: "builder", steps: [], pending: [], fault };
  const both = preview({ ...found, runs: [...found.runs, failing] }, 96, noPaint);
  expect(both).toMatch(/^Mon 14 Dec 2026: 1 of 2 accounts would fail; this run mints 1 token, proves 1 token\.\n/);
  expect(both).toContain(`
A run in which an account fails deletes nothing: what the engine lists as a delete is not done.

This run
  builder
    ✗ would fail: checking account "builder": 2 faults were found, and nothing was changed.
      - the vault is away.
      - no such job.
  inventory
    · mints 2026-12-14;`);
  const idle = { account: "idle", steps: [], pending: [] };
  expect(preview({ ...found, runs: [failing, idle] }, 96, noPaint)).toMatch(
    /^Mon 14 Dec 2026: 1 of 2 accounts would fail; the others have nothing to do\.\n/,
  );
  expect(preview({ ...found, runs: [failing] }, 96, noPaint)).toMatch(
    /^Mon 14 Dec 2026: 1 of 1 account would fail; nothing is done\.\n/,
  );
});
