import { expect, test } from "vitest";
import { text } from "../../reports/text";
import { settings } from "../rotation/declarations";
import { broken, evilSettings, full, inventory, planOf } from "./plans";

test("a plan is said in one sentence first, then dates with places and proofs", () => {
  const edited = planOf(
    settings([inventory({ rotation: { extraDates: [{ date: "2026-12-14", reason: "left" }] } })]),
    settings([inventory()]),
  );
  expect(text(edited)).toBe(
    `prod (2026-12-01, the working tree)
Merging rotates nothing today. Next: inventory, Mon 14 Dec.

Changes
  inventory: changed
    - rotation.extraDates: (date "2026-12-14", reason "left") instead of an empty list.
    - The next rotation moves from Mon 25 Oct 2027 to Mon 14 Dec 2026: Extra date: left.

Calendar, 400 days
  Mon 14 Dec 2026  in 13 days  inventory  new token    2026-12-14
                   in field "credential" of 1Password item "Inventory" in vault "Security"; CI/CD
                   variable "TOKEN" of project "security/builder"
                   proved by security/builder: schedule "Weekly" (job build)
  Mon 21 Dec 2026  in 20 days  inventory  revoke old   2026-11-23
  Mon 25 Oct 2027              inventory  new token    2027-10-25
  Mon 1 Nov 2027               inventory  revoke old   2026-12-14

Not checked
  - Whether another stack declares one of these places: what it holds or adopts cannot be seen from
    this one. Two that set one place undo each other's work; of two that adopt one token the first
    to retire it revokes it for both.
  - The day on which GitLab has each token die. One that was minted with another lifetimeDays than
    is declared now keeps its own, and is replaced before that.
  - Whether something counts before the variables that pipelines prove (inventory): variables of a
    schedule, of a nearer project or group, of an environment, and those given to one pipeline. A
    run looks at these before it mints, and when a pipeline has ended. Nobody looks at those of
    pipeline execution and scan policies, and of a manual job.
`,
  );
});

test("a time without a living token comes before all else, and colours the headline", () => {
  const lines = text(full, { color: true }).split("\n");
  const red = "\u001b[31m";
  expect(lines[1]).toMatch(/NO LIVING TOKEN of scanner from Thu 10 Dec until Mon 14 Dec\./);
  expect(lines[1]?.startsWith(red)).toBe(true);
  const sections = text(full)
    .split("\n")
    .filter((line, index, all) => all[index - 1] === "" && line !== "");
  expect(sections[0]).toBe("NO LIVING TOKEN");
  expect(text(full)).toContain("✗ scanner: The token adopted is dead from Thu 10 Dec 2026, 00:00 UTC, and the");
});

test("faults name file and line", () => {
  expect(text(broken)).toBe(
    `prod (2026-12-01, the working tree)
The settings cannot be used: a fault. Until then no run does anything.

Faults of the settings
  ✗ Pulumi.prod.yaml:3 pat-rotation:fleet
      found "a | b". Write a name.
`,
  );
});

test("no line is longer than 100 columns, nor than the terminal", () => {
  for (const width of [100, 80]) {
    for (const plan of [full, planOf(evilSettings)]) {
      expect(
        text(plan, { width })
          .split("\n")
          .filter((line) => line.length > width),
      ).toEqual([]);
    }
  }
});

test("colours are put in only when they are asked for, and change nothing else", () => {
  const start = String.fromCharCode(27);
  expect(text(full)).not.toContain(start);
  const colored = text(full, { color: true });
  expect(colored).toContain(`${start}[31mAT RISK`);
  expect(colored.replaceAll(new RegExp(`${start}\\[\\d+m`, "g"), "")).toBe(text(full));
});

test("nothing steers the terminal or turns the reading direction", () => {
  expect(text(planOf(evilSettings))).not.toMatch(/(?!\n)[\p{Cc}\u202A-\u202E\u200B]/u);
});
