import { expect, test } from "vitest";
import { spread } from "../../../rotation/calendar/spread";

const today = "2026-11-23";
const freezes = [{ from: "2026-12-19", to: "2027-01-04" }];
const none = { today, freezes, taken: [] };

test("one token rotates on the last Monday that leaves it five weeks", () => {
  expect(spread([{ key: "a", expiresAt: "2027-06-01" }], none)).toEqual(new Map([["a", "2027-04-26"]]));
});

test("tokens of one expiry go to Mondays of their own, back from the last one", () => {
  const tokens = ["a", "b", "c"].map((key) => ({ key, expiresAt: "2027-06-01" }));
  expect([...spread(tokens, none).values()]).toEqual(["2027-04-26", "2027-04-19", "2027-04-12"]);
});

test("more tokens than Mondays: as many on each, and none in a freeze", () => {
  const tokens = Array.from({ length: 8 }, (_, at) => ({ key: `${at}`, expiresAt: "2027-03-01" }));
  const days = [...spread(tokens, none).values()].sort();
  expect(days).toEqual(
    ["2026-11-30", "2026-12-07", "2026-12-14", "2027-01-11", "2027-01-18", "2027-01-25"].flatMap((day, at) =>
      at >= 4 ? [day, day] : [day],
    ),
  );
});

test("days of others are spared", () => {
  const taken = ["2027-04-26", "2027-04-19"];
  expect([...spread([{ key: "a", expiresAt: "2027-06-01" }], { ...none, taken }).values()]).toEqual(["2027-04-12"]);
});

test("a token that dies soon takes the first Monday that will do; a dead one, and one with no Monday left, today", () => {
  const tokens = [
    { key: "dead", expiresAt: "2026-11-23" },
    { key: "tomorrow", expiresAt: "2026-11-24" },
    { key: "a week and a day", expiresAt: "2026-12-01" },
    { key: "three weeks", expiresAt: "2026-12-14" },
    { key: "in the freeze", expiresAt: "2026-12-28" },
  ];
  expect(Object.fromEntries(spread(tokens, none))).toEqual({
    dead: today,
    tomorrow: today,
    "a week and a day": "2026-11-30",
    "three weeks": "2026-11-30",
    "in the freeze": "2026-11-30",
  });
});

test("a token that dies in years rotates within the first", () => {
  expect([...spread([{ key: "a", expiresAt: "2036-01-01" }], none).values()]).toEqual(["2027-11-22"]);
});
