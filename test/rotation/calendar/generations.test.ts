import { expect, test } from "vitest";
import { type Generation, generations } from "../../../rotation/calendar/generations";
import type { AccountDeclaration } from "../../../rotation/declaration/settings";
import { account } from "../declarations";

const plain = account();
const adopt = { tokenId: 123, expiresAt: "2026-12-01" };

function lifecycles(declared: AccountDeclaration, day: string): readonly string[] {
  return generations(declared, [], day).map(({ name, lifecycle }) => `${name} ${lifecycle}`);
}

test("before the first rotation there is none", () => {
  expect(lifecycles(plain, "2026-11-22")).toEqual([]);
});

test("a generation is current from its date, with an expiry a lifetime later", () => {
  expect(generations(plain, [], "2026-11-23")).toEqual<Generation[]>([
    {
      name: "2026-11-23",
      date: "2026-11-23",
      expiresAt: "2027-11-23",
      lifecycle: "current",
      retireOn: "2027-11-01",
      overlapDays: 7,
      explanation:
        "First rotation: startsOn is Mon 23 Nov 2026. Current until Mon 25 Oct 2027; it expires on Tue 23 Nov 2027.",
    },
  ]);
});

test("the old one is previous for the overlap, then retired, then gone when it has expired and the next one opens", () => {
  expect(lifecycles(plain, "2027-10-24")).toEqual(["2026-11-23 current"]);
  expect(lifecycles(plain, "2027-10-25")).toEqual(["2026-11-23 previous", "2027-10-25 current"]);
  expect(lifecycles(plain, "2027-10-31")).toEqual(["2026-11-23 previous", "2027-10-25 current"]);
  expect(lifecycles(plain, "2027-11-01")).toEqual(["2026-11-23 retired", "2027-10-25 current"]);
  expect(lifecycles(plain, "2027-11-22")).toEqual(["2026-11-23 retired", "2027-10-25 current"]);
  expect(lifecycles(plain, "2027-11-23")).toEqual(["2026-11-23 retired", "2027-10-25 current"]);
  expect(lifecycles(plain, "2028-09-24")).toEqual(["2026-11-23 retired", "2027-10-25 current"]);
  expect(lifecycles(plain, "2028-09-25")).toEqual(["2027-10-25 previous", "2028-09-25 current"]);
});

test("a hand-made token is current before the first rotation, even after it died", () => {
  expect(lifecycles(account({ adopt }), "2026-11-01")).toEqual(["adopted current"]);
  const late = account({ adopt, rotation: { startsOn: "2027-01-04" } });
  expect(lifecycles(late, "2026-12-20")).toEqual(["adopted current"]);
});

test("a hand-made token is previous, then retired, until the second rotation", () => {
  const declared = account({ adopt: { tokenId: 123, expiresAt: "2026-12-05" } });
  expect(lifecycles(declared, "2026-11-23")).toEqual(["adopted previous", "2026-11-23 current"]);
  expect(lifecycles(declared, "2026-11-30")).toEqual(["adopted retired", "2026-11-23 current"]);
  expect(lifecycles(declared, "2026-12-05")).toEqual(["adopted retired", "2026-11-23 current"]);
  expect(lifecycles(declared, "2027-10-25")).toEqual(["2026-11-23 previous", "2027-10-25 current"]);
});

test("a hand-made token that is already dead is previous, then retired, as a living one", () => {
  const dead = account({ adopt: { tokenId: 123, expiresAt: "2026-11-23" } });
  expect(lifecycles(dead, "2026-11-23")).toEqual(["adopted previous", "2026-11-23 current"]);
  expect(lifecycles(dead, "2026-11-29")).toEqual(["adopted previous", "2026-11-23 current"]);
  expect(lifecycles(dead, "2026-11-30")).toEqual(["adopted retired", "2026-11-23 current"]);
});

test("the first of two on one day is never current", () => {
  const declared = account({ rotation: { extraDates: [{ date: "2026-11-23" }] } });
  expect(lifecycles(declared, "2026-11-23")).toEqual(["2026-11-23 previous", "2026-11-23.2 current"]);
});

test("a held generation goes back to current, and later ones wait", () => {
  const held = account({ holdAt: "2026-11-23" });
  expect(lifecycles(held, "2027-10-27")).toEqual(["2026-11-23 current", "2027-10-25 previous"]);
  expect(generations(held, [], "2027-10-27").at(0)?.explanation).toContain(
    "Current because holdAt says so, until Tue 9 Nov 2027 at the latest",
  );
});

test("a hold ends by itself before its token dies, and the overlap counts from then", () => {
  const held = account({ holdAt: "2026-11-23" });
  expect(lifecycles(held, "2027-11-08")).toEqual(["2026-11-23 current", "2027-10-25 previous"]);
  expect(lifecycles(held, "2027-11-09")).toEqual(["2026-11-23 previous", "2027-10-25 current"]);
  expect(lifecycles(held, "2027-11-16")).toEqual(["2026-11-23 retired", "2027-10-25 current"]);
});

test("a compromised generation is retired at once when another is current, without overlap", () => {
  const leaked = account({ compromised: [{ generation: "2026-11-23", reason: "in a log" }] });
  expect(lifecycles(leaked, "2027-01-01")).toEqual(["2026-11-23 current"]);
  const [old] = generations(leaked, [], "2027-10-25");
  expect([old?.lifecycle, old?.retireOn, old?.overlapDays]).toEqual(["retired", "2027-10-25", 0]);
  expect(old?.explanation).toContain("Compromised (in a log)");
});

test("a decommissioned account has all its generations revoked, and opens no other", () => {
  const ending = account({
    decommission: { reason: "the service is gone" },
    adopt: { tokenId: 7, expiresAt: "2026-12-14" },
  });
  expect(lifecycles(ending, "2026-11-24")).toEqual(["adopted retired", "2026-11-23 retired"]);
  const [, old] = generations(ending, [], "2026-11-24");
  expect(old?.overlapDays).toBe(0);
  expect(old?.explanation).toContain("the account is decommissioned (the service is gone)");
});
