import { expect, test } from "vitest";
import { why } from "../../../rotation/calendar/why";
import { account } from "../declarations";

const christmas = { from: "2026-12-19", to: "2027-01-04" };

test("a rotation explains its day", () => {
  expect(why(account({ rotation: { everyDays: 28 } }), [christmas], "2026-12-14")).toEqual([
    "Generation 2026-12-14 opens.",
    "Due on Mon 21 Dec 2026: 28 days after Mon 23 Nov 2026.",
    "Moved 7 days earlier, to Mon 14 Dec 2026: Mon 21 Dec 2026 fell in the freeze Sat 19 Dec 2026 to Mon 4 Jan 2027; Fri 18 Dec 2026 is no Monday.",
  ]);
});

test("a day without a rotation tells its freeze, what is in use, and what comes next", () => {
  expect(why(account(), [christmas], "2026-12-21")).toEqual([
    "Nothing rotates on Mon 21 Dec 2026.",
    "It lies in the freeze Sat 19 Dec 2026 to Mon 4 Jan 2027.",
    "Generation 2026-11-23: First rotation: startsOn is Mon 23 Nov 2026. Current until Mon 25 Oct 2027; it expires on Tue 23 Nov 2027.",
    "The next rotation is on Mon 25 Oct 2027.",
  ]);
});

test("a day before the first rotation says that none has opened", () => {
  expect(why(account(), [], "2026-11-01")).toEqual([
    "Nothing rotates on Sun 1 Nov 2026.",
    "No generation has opened: startsOn is Mon 23 Nov 2026.",
    "The next rotation is on Mon 23 Nov 2026.",
  ]);
});

test("a held account's next rotation is the end of the hold, not the date that waits", () => {
  const held = account({ holdAt: "2026-11-23", rotation: { extraDates: [{ date: "2026-12-14" }] } });
  expect(why(held, [], "2026-12-01").at(-1)).toBe("The next rotation is on Tue 9 Nov 2027.");
});
