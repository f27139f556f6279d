import { type Day, show } from "../../ground/day";
import { parsed, type Raw, record, records } from "../../ground/raw";
import { openings } from "../calendar/calendar";
import { adopted } from "../calendar/generations";
import type { Freeze, Rotation } from "../declaration/declaration";
import { type Fault, foundText } from "../declaration/faults";
import * as schema from "../declaration/schema";
import { noOverlap } from "../declaration/self";

/** Generations that are named must be some that the calendar opens. */
export function named(account: Raw, freezes: readonly Freeze[], at: (path: string) => string): readonly Fault[] {
  const rotation = parsed(schema.rotation, account.rotation);
  const leaks = records(account.compromised);
  if (rotation === undefined || rotation.lifetimeDays - rotation.overlapDays - rotation.marginDays < 1) return [];
  const asked = leaks.flatMap(({ on }) => {
    const date = parsed(schema.day, on);
    return date === undefined ? [] : [{ date }];
  });
  const overlap = record(account.account).self === undefined ? {} : noOverlap;
  const whole = { ...rotation, quietHours: 0, ...overlap, extraDates: [...rotation.extraDates, ...asked] };
  const known = (raw: unknown, where: string) =>
    unknownGeneration(raw, whole, freezes, account.adopt !== undefined, where);
  const hold = parsed(schema.generation, account.holdAt);
  const held = hold !== undefined && leaks.some(({ generation }) => parsed(schema.generation, generation) === hold);
  return [
    ...known(account.holdAt, at("holdAt")),
    ...(held
      ? [
          {
            path: at("holdAt"),
            found: `${foundText(account.holdAt)}, which is compromised`,
            expected: "another one",
          },
        ]
      : []),
    ...leaks.flatMap(({ generation, on }, index) => [
      ...known(generation, at(`compromised[${index}].generation`)),
      ...tooEarly(generation, on, at(`compromised[${index}].on`)),
    ]),
  ];
}

function unknownGeneration(
  raw: unknown,
  rotation: Rotation,
  freezes: readonly Freeze[],
  adopts: boolean,
  path: string,
): readonly Fault[] {
  const name = parsed(schema.generation, raw);
  if (name === undefined) return [];
  if (name === adopted) {
    return adopts ? [] : [{ path, found: `"${adopted}"`, expected: "the name of a generation, or declare adopt" }];
  }
  const day: Day = name.slice(0, 10);
  for (const opening of openings(rotation, freezes, day)) {
    if (opening.name === name) return [];
    if (opening.date > day) {
      const near = opening.name;
      return [
        {
          path,
          found: `"${name}", a day on which none opens`,
          expected: `a generation's name; the next after it is ${near}`,
        },
      ];
    }
  }
  return [];
}

function tooEarly(generation: unknown, on: unknown, path: string): readonly Fault[] {
  const name = parsed(schema.generation, generation);
  const day = parsed(schema.day, on);
  if (name === undefined || day === undefined || name === adopted || day >= name.slice(0, 10)) return [];
  return [
    {
      path,
      found: `"${day}"`,
      expected: `a day on or after ${show(name.slice(0, 10))}, when that generation opened`,
    },
  ];
}
