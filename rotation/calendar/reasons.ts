import {
  addDays,
  type Day,
  days,
  daysBetween,
  show,
  toDay,
  toNumber,
  weekdayIndex,
  weekdayName,
  weekdays,
} from "../../ground/day";
import type { Freeze, Rotation } from "../declaration/declaration";

/** A freeze as people read it. */
function freezeText({ from, to, reason }: Freeze): string {
  return `the freeze ${show(from)} to ${show(to)}${reason === undefined ? "" : ` (${reason})`}`;
}

/** Why the first generation opens on its day. */
export function first(rotation: Rotation, freezes: readonly Freeze[], day: Day): readonly string[] {
  return [
    `First rotation: startsOn is ${show(rotation.startsOn)}.`,
    ...moved(rotation, freezes, rotation.startsOn, day),
  ];
}

/** Why a regular generation opens on its day. */
export function regular(
  rotation: Rotation,
  freezes: readonly Freeze[],
  index: number,
  due: Day,
  day: Day,
): readonly string[] {
  const { everyDays, everyMonths } = rotation;
  const cadence = everyMonths === undefined ? days(everyDays ?? 336) : `${everyMonths} months`;
  const times = index === 1 ? cadence : `${index} × ${cadence}`;
  return [`Due on ${show(due)}: ${times} after ${show(rotation.startsOn)}.`, ...moved(rotation, freezes, due, day)];
}

/** Why a regular generation serves later due dates as well. */
export function shared(count: number, from: Day, to: Day): string {
  return count === 1
    ? `Serves the rotation due on ${show(from)} as well: it has no allowed day of its own.`
    : `Serves the ${count} rotations due from ${show(from)} to ${show(to)} as well: they have no allowed day of their own.`;
}

/** Why a rotation was inserted, and on that day. */
export function inserted(
  rotation: Rotation,
  freezes: readonly Freeze[],
  previous: Day,
  day: Day,
  next: Day,
): readonly string[] {
  const { lifetimeDays, overlapDays, marginDays } = rotation;
  const gap = lifetimeDays - overlapDays - marginDays;
  const latest = toNumber(previous) + gap;
  return [
    `Inserted: from ${show(previous)} to the next due rotation on ${show(next)} are ${days(daysBetween(previous, next))}; ` +
      `a token of ${days(lifetimeDays)}, less ${days(overlapDays)} of overlap and ${days(marginDays)} of margin, serves ${gap}, until ${show(latest)}.`,
    ...moved(rotation, freezes, toDay(latest), day),
  ];
}

/** Why an extra generation opens. */
export function extra(reason: string | undefined): string {
  return `Extra date${reason === undefined ? "" : `: ${reason}`}.`;
}

/** Why a day was moved, and which rule was given up on the day that it came to. */
function moved(rotation: Rotation, freezes: readonly Freeze[], from: Day, to: Day): readonly string[] {
  const sentences: string[] = [];
  if (from !== to)
    sentences.push(
      `Moved ${days(daysBetween(to, from))} earlier, to ${show(to)}: ${obstacles(rotation, freezes, from, to)}.`,
    );
  const frozen = freezes.find((freeze) => freeze.from <= to && to <= freeze.to);
  if (frozen !== undefined) {
    sentences.push(
      `${show(to)} lies in ${freezeText(frozen)}, but no day that could serve is free: safety wins over the freeze.`,
    );
  }
  if (rotation.weekday !== "any" && wrongWeekday(rotation, to)) {
    sentences.push(
      `${show(to)} is no ${weekdayName(rotation.weekday)}, but no ${weekdayName(rotation.weekday)} could serve: safety wins over the weekday.`,
    );
  }
  return sentences;
}

/** What stood in the way, on the walk from the day that was due to the day that it came to. */
function obstacles(rotation: Rotation, freezes: readonly Freeze[], from: Day, to: Day): string {
  const met: string[] = [];
  for (let at = from; at > to; ) {
    const freeze = freezes.find((one) => one.from <= at && at <= one.to);
    if (freeze !== undefined) {
      met.push(`${show(at)} fell in ${freezeText(freeze)}`);
      at = addDays(freeze.from, -1);
    } else if (rotation.weekday !== "any" && wrongWeekday(rotation, at)) {
      met.push(`${show(at)} is no ${weekdayName(rotation.weekday)}`);
      while (wrongWeekday(rotation, at)) at = addDays(at, -1);
    } else {
      break;
    }
  }
  return met.join("; ");
}

function wrongWeekday(rotation: Rotation, day: Day): boolean {
  return rotation.weekday !== "any" && weekdays[weekdayIndex(toNumber(day))] !== rotation.weekday;
}
