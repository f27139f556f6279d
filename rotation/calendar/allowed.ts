import { type DayNumber, toNumber, weekdayIndex, weekdays } from "../../ground/day";
import type { Freeze, Rotation } from "../declaration/declaration";

/** Freezes as stretches that neither overlap nor touch, in order. */
type Stretch = { readonly from: DayNumber; readonly to: DayNumber };

const merged = new WeakMap<readonly Freeze[], readonly Stretch[]>();

/** Kept by identity: all accounts of a stack share one list of freezes. */
function stretches(freezes: readonly Freeze[]): readonly Stretch[] {
  const known = merged.get(freezes);
  if (known !== undefined) return known;
  const sorted = freezes
    .map((freeze) => ({ from: toNumber(freeze.from), to: toNumber(freeze.to) }))
    .sort((a, b) => a.from - b.from);
  const result: { from: DayNumber; to: DayNumber }[] = [];
  for (const next of sorted) {
    const last = result.at(-1);
    if (last !== undefined && next.from <= last.to + 1) last.to = Math.max(last.to, next.to);
    else result.push({ ...next });
  }
  merged.set(freezes, result);
  return result;
}

/** On which days a rotation may fall: on its weekday, and outside every freeze. */
export class AllowedDays {
  private readonly freezes: readonly Stretch[];
  /** Position of the weekday; `undefined` for any. */
  private readonly weekday: number | undefined;

  constructor(rotation: Pick<Rotation, "weekday">, freezes: readonly Freeze[]) {
    this.freezes = stretches(freezes);
    this.weekday = rotation.weekday === "any" ? undefined : weekdays.indexOf(rotation.weekday);
  }

  /** The latest allowed day that is not after the given one. */
  latest(day: DayNumber): DayNumber {
    let at = day;
    for (;;) {
      const moved = this.latestWeekday(this.latestUnfrozen(at));
      if (moved === at) return at;
      at = moved;
    }
  }

  /** The earliest allowed day that is after the given one. */
  after(day: DayNumber): DayNumber {
    let at = day + 1;
    for (;;) {
      const moved = this.nextWeekday((this.freeze(at)?.to ?? at - 1) + 1);
      if (moved === at) return at;
      at = moved;
    }
  }

  /** The latest day of no freeze that is not after the given one. */
  latestUnfrozen(day: DayNumber): DayNumber {
    const freeze = this.freeze(day);
    // Stretches do not touch, so the day before one is free.
    return freeze === undefined ? day : freeze.from - 1;
  }

  /** The latest day of the weekday that is not after the given one. */
  latestWeekday(day: DayNumber): DayNumber {
    return this.weekday === undefined ? day : day - ((weekdayIndex(day) - this.weekday + 7) % 7);
  }

  private nextWeekday(day: DayNumber): DayNumber {
    return this.weekday === undefined ? day : day + ((this.weekday - weekdayIndex(day) + 7) % 7);
  }

  private freeze(day: DayNumber): Stretch | undefined {
    return this.freezes.find(({ from, to }) => from <= day && day <= to);
  }
}
