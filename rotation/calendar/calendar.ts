import { addMonths, type Day, type DayNumber, monthsBetween, toDay, toNumber } from "../../ground/day";
import type { Freeze, Rotation } from "../declaration/declaration";
import { AllowedDays } from "./allowed";
import * as reasons from "./reasons";

/** A date on which a generation opens. */
export interface Opening {
  /** The generation's name: its date; the second on one day ends in `.2`. */
  readonly name: string;
  /** The day, in UTC. */
  readonly date: Day;
  /** Asked for by the cadence, put in to keep a gap short, or an extra date. */
  readonly kind: "regular" | "inserted" | "extra";
  /** Why it is on this day, a sentence each. */
  readonly reason: readonly string[];
}

type Point = { readonly day: DayNumber; readonly kind: Opening["kind"]; readonly reason: () => readonly string[] };

/** The longest stretch from one rotation to the next after which the old token still outlives overlap and margin. */
export function longestGap(rotation: Rotation): number {
  return rotation.lifetimeDays - rotation.overlapDays - rotation.marginDays;
}

/** Every opening up to and with a day. */
export function calendar(rotation: Rotation, freezes: readonly Freeze[], until: Day): readonly Opening[] {
  const result: Opening[] = [];
  for (const opening of openings(rotation, freezes)) {
    if (opening.date > until) break;
    result.push(opening);
  }
  return result;
}

/** The openings from a day on, in order, without end. Costs the same for any day: nothing before it is reckoned. */
export function* openings(rotation: Rotation, freezes: readonly Freeze[], from?: Day): Generator<Opening> {
  const start = from === undefined ? Number.NEGATIVE_INFINITY : toNumber(from);
  let day: DayNumber | undefined;
  let count = 0;
  for (const point of merge(new Cadence(rotation, freezes).points(start), extras(rotation, start))) {
    count = point.day === day ? count + 1 : 1;
    day = point.day;
    const date = toDay(day);
    yield { name: count === 1 ? date : `${date}.${count}`, date, kind: point.kind, reason: point.reason() };
  }
}

/** Extra dates are never moved, and move nothing: one that is added in haste must not re-date a token that lives. */
function extras(rotation: Rotation, start: DayNumber): readonly Point[] {
  return rotation.extraDates
    .map(({ date, reason }) => ({
      day: toNumber(date),
      kind: "extra" as const,
      reason: () => [reasons.extra(reason)],
    }))
    .filter(({ day }) => day >= start)
    .sort((a, b) => a.day - b.day);
}

/** Regular points come first on a day that has both, so that an extra date never takes a name that is in use. */
function* merge(regular: Iterable<Point>, extra: readonly Point[]): Generator<Point> {
  let next = 0;
  for (const point of regular) {
    for (let other = extra[next]; other !== undefined && other.day < point.day; other = extra[++next]) yield other;
    yield point;
  }
}

/** The regular and inserted points of a calendar. Each stretch between two regular ones is reckoned by itself. */
class Cadence {
  private readonly allowed: AllowedDays;
  private readonly start: DayNumber;
  private readonly gap: number;
  private readonly first: DayNumber;

  constructor(
    private readonly rotation: Rotation,
    private readonly freezes: readonly Freeze[],
  ) {
    this.allowed = new AllowedDays(rotation, freezes);
    this.start = toNumber(rotation.startsOn);
    this.gap = longestGap(rotation);
    this.first = this.best(this.start - this.gap, this.start);
  }

  *points(from: DayNumber): Generator<Point> {
    let at: DayNumber;
    const index = Number.isFinite(from) ? this.indexUpTo(from) : -1;
    const anchor = index < 1 ? this.first : this.allowed.latest(this.due(index));
    if (anchor <= this.first) {
      yield* this.beforeFirst(from);
      at = this.first;
      if (at >= from) {
        yield { day: at, kind: "regular", reason: () => reasons.first(this.rotation, this.freezes, toDay(this.first)) };
      }
    } else {
      at = anchor;
      if (at >= from) yield this.regular(this.indexFrom(at), at);
    }
    for (;;) {
      // Due dates up to the next allowed day have none of their own, and are served by this one.
      const next = this.indexFrom(this.allowed.after(at));
      const day = this.allowed.latest(this.due(next));
      yield* this.fill(at, day, from);
      if (day >= from) yield this.regular(next, day);
      at = day;
    }
  }

  /** Extra dates before the first generation open generations too; the gaps after them are kept short as well. */
  private *beforeFirst(from: DayNumber): Generator<Point> {
    const early = [...new Set(this.rotation.extraDates.map(({ date }) => toNumber(date)))]
      .filter((day) => day < this.first)
      .sort((a, b) => a - b);
    for (const [position, day] of early.entries()) yield* this.fill(day, early[position + 1] ?? this.first, from);
  }

  private *fill(after: DayNumber, until: DayNumber, from: DayNumber): Generator<Point> {
    for (let at = after; until - at > this.gap; ) {
      const previous = at;
      at = this.best(previous, previous + this.gap);
      const day = at;
      if (day < from) continue;
      const reason = () => reasons.inserted(this.rotation, this.freezes, toDay(previous), toDay(day), toDay(until));
      yield { day, kind: "inserted", reason };
    }
  }

  private regular(index: number, day: DayNumber): Point {
    const due = this.due(index);
    const last = this.indexFrom(this.allowed.after(day)) - 1;
    const reason = () => [
      ...reasons.regular(this.rotation, this.freezes, index, toDay(due), toDay(day)),
      ...(last > index ? [reasons.shared(last - index, toDay(this.due(index + 1)), toDay(this.due(last)))] : []),
    ];
    return { day, kind: "regular", reason };
  }

  /**
   * The best day after `low`, and not after `high`: the latest allowed one; else the latest of no freeze; else the latest of
   * the weekday; else `high`. A token that runs out is worse than a rotation in a freeze.
   */
  private best(low: DayNumber, high: DayNumber): DayNumber {
    const candidates = [this.allowed.latest(high), this.allowed.latestUnfrozen(high), this.allowed.latestWeekday(high)];
    return candidates.find((day) => day > low) ?? high;
  }

  /** The day on which a regular rotation is due, before it is moved. */
  private due(index: number): DayNumber {
    const { everyDays, everyMonths } = this.rotation;
    return everyMonths === undefined
      ? this.start + index * (everyDays ?? 336)
      : addMonths(this.start, index * everyMonths);
  }

  /** Index of the last rotation that is due on a day or before; negative before `startsOn`. */
  private indexUpTo(day: DayNumber): number {
    const { everyDays, everyMonths } = this.rotation;
    if (everyMonths === undefined) return Math.floor((day - this.start) / (everyDays ?? 336));
    const guess = Math.floor(monthsBetween(this.start, day) / everyMonths);
    return this.due(guess) > day ? guess - 1 : guess;
  }

  /** Index of the first rotation after `startsOn` that is due on a day or later. */
  private indexFrom(day: DayNumber): number {
    return Math.max(1, this.indexUpTo(day - 1) + 1);
  }
}
