import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addDays, type Day, daysBetween } from "../../../ground/day";
import { calendar, openings } from "../../../rotation/calendar/calendar";
import { generations } from "../../../rotation/calendar/generations";
import { rewrites } from "../../../rotation/calendar/history";
import { upcoming } from "../../../rotation/calendar/upcoming";
import type { AccountDeclaration, Freeze } from "../../../rotation/declaration/settings";
import { account, anyDay, anyFreezes, anyRotation, property, settings } from "../declarations";

/** An account with any rotation; with a hand-made token or without. */
const anyAccount: fc.Arbitrary<AccountDeclaration> = fc
  .record({
    rotation: anyRotation,
    adopt: fc.option(fc.record({ tokenId: fc.nat(), expiresAt: anyDay }), { nil: undefined }),
  })
  .map(({ rotation, adopt }) => account({ rotation, ...(adopt === undefined ? {} : { adopt }) }));

function firstDay({ rotation }: AccountDeclaration, freezes: readonly Freeze[]): Day {
  for (const { date } of openings(rotation, freezes)) return date;
  return rotation.startsOn;
}

/** The days on which anything can change, and the days before them, over two decades. */
function turns({ rotation }: AccountDeclaration, freezes: readonly Freeze[]): readonly Day[] {
  const all = calendar(rotation, freezes, "2050-01-01").map(({ date }) => date);
  const step = Math.max(1, Math.floor(all.length / 12));
  return all
    .filter((_, position) => position % step === 0)
    .flatMap((date) => [addDays(date, -1), date, addDays(date, rotation.overlapDays)]);
}

describe("the generations of any account", () => {
  test("hold exactly one current one, the latest that opened, from the first rotation on", () => {
    fc.assert(
      fc.property(anyAccount, anyFreezes, (declared, freezes) => {
        const first = firstDay(declared, freezes);
        const opened = calendar(declared.rotation, freezes, "2051-01-01");
        for (const day of turns(declared, freezes)) {
          const all = generations(declared, freezes, day);
          const current = all.filter(({ lifecycle }) => lifecycle === "current");
          if (day < first) {
            expect(all.map(({ name }) => name)).toEqual(declared.adopt === undefined ? [] : ["adopted"]);
          } else {
            expect(current).toEqual([all.at(-1)]);
            expect(current[0]?.name).toBe(opened.filter(({ date }) => date <= day).at(-1)?.name);
          }
        }
      }),
      property,
    );
  });

  test("never leave a consumer with a token in its last day", () => {
    fc.assert(
      fc.property(anyAccount, anyFreezes, (declared, freezes) => {
        const { overlapDays, marginDays } = declared.rotation;
        const first = firstDay(declared, freezes);
        for (const day of turns(declared, freezes).filter((day) => day >= first)) {
          const current = generations(declared, freezes, day).at(-1);
          const left = daysBetween(day, current?.expiresAt ?? day);
          expect(left).toBeGreaterThan(1);
          expect(left).toBeGreaterThan(overlapDays + marginDays);
        }
      }),
      property,
    );
  });

  test("expire exactly their lifetime after their date; only the one before the current is listed when it has", () => {
    fc.assert(
      fc.property(anyAccount, anyFreezes, (declared, freezes) => {
        for (const day of turns(declared, freezes)) {
          const all = generations(declared, freezes, day);
          const current = all.findIndex(({ lifecycle }) => lifecycle === "current");
          for (const [position, { name, date, expiresAt }] of all.entries()) {
            if (date === undefined) continue;
            expect(daysBetween(date, expiresAt)).toBe(declared.rotation.lifetimeDays);
            expect(date <= day && name.startsWith(date)).toBe(true);
            expect(day < expiresAt || position === current - 1).toBe(true);
          }
        }
      }),
      property,
    );
  });

  test("are retired, previous and current in that order, each kept beside its successor for the overlap", () => {
    fc.assert(
      fc.property(anyAccount, anyFreezes, (declared, freezes) => {
        for (const day of turns(declared, freezes)) {
          const all = generations(declared, freezes, day);
          const rank = all.map(({ lifecycle }) => ["retired", "previous", "current"].indexOf(lifecycle));
          expect(rank).toEqual([...rank].sort());
          for (const [position, { lifecycle, retireOn }] of all.entries()) {
            const successor = all[position + 1]?.date;
            if (successor !== undefined && all[position]?.name !== "adopted")
              expect(retireOn).toBe(addDays(successor, declared.rotation.overlapDays));
            if (lifecycle !== "current") expect(lifecycle).toBe(day < retireOn ? "previous" : "retired");
          }
        }
      }),
      property,
    );
  });

  test("stay listed from the day they open to the day they expire", () => {
    fc.assert(
      fc.property(anyAccount, anyFreezes, anyDay, fc.integer({ min: 1, max: 400 }), (declared, freezes, day, later) => {
        const then = addDays(day, later);
        const names = generations(declared, freezes, then).map(({ name }) => name);
        for (const { name, expiresAt } of generations(declared, freezes, day)) {
          if (then < expiresAt) expect(names).toContain(name);
        }
      }),
      property,
    );
  });

  test("are the same for the same declaration and day", () => {
    fc.assert(
      fc.property(anyAccount, anyFreezes, anyDay, (declared, freezes, day) => {
        const copy = JSON.parse(JSON.stringify(declared)) as AccountDeclaration;
        expect(generations(copy, [...freezes], day)).toEqual(generations(declared, freezes, day));
      }),
      property,
    );
  });
});

describe("the events of any account", () => {
  test("mint each generation once, on its date, when one opens on a day", () => {
    fc.assert(
      fc.property(anyAccount, anyFreezes, anyDay, (declared, freezes, day) => {
        const events = upcoming(settings([declared], freezes), day, 500);
        const minted = events.filter(({ event }) => event === "mint").map(({ generation }) => generation);
        const opened = calendar(declared.rotation, freezes, addDays(day, 499)).filter(({ date }) => date >= day);
        const last = opened.filter(({ date }, position) => opened[position + 1]?.date !== date);
        expect(minted).toEqual(last.map(({ name }) => name));
      }),
      property,
    );
  });
});

describe("any edit", () => {
  test("that takes a living generation out is recognised, and no other", () => {
    fc.assert(
      fc.property(anyAccount, anyAccount, anyFreezes, anyFreezes, anyDay, (before, after, freezes, others, day) => {
        const found = rewrites(settings([before], freezes), settings([after], others), day);
        const names = generations(after, others, day).map(({ name }) => name);
        const lost = generations(before, freezes, day).filter(
          ({ name, expiresAt }) => day < expiresAt && !names.includes(name),
        );
        expect(found.map(({ generation }) => generation)).toEqual(lost.map(({ name }) => name));
      }),
      property,
    );
  });

  test("that only adds an extra date after the start rewrites nothing", () => {
    fc.assert(
      fc.property(anyAccount, anyFreezes, anyDay, fc.integer({ min: 0, max: 3000 }), (before, freezes, day, later) => {
        const { rotation } = before;
        const extraDates = [{ date: addDays(rotation.startsOn, later) }, ...rotation.extraDates];
        const after = account({ ...before, rotation: { ...rotation, extraDates } });
        expect(rewrites(settings([before], freezes), settings([after], freezes), day)).toEqual([]);
      }),
      property,
    );
  });
});
