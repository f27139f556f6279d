import { addDays, addMonths, type Day, daysBetween, toDay, toNumber } from "../../ground/day";

/** Where days lie on the chart, in percent of its width. */
export class Scale {
  constructor(
    readonly from: Day,
    readonly to: Day,
  ) {}

  /** Left edge of a day; never outside of the chart. */
  at(day: Day): number {
    return Math.min(100, Math.max(0, (100 * daysBetween(this.from, day)) / daysBetween(this.from, this.to)));
  }

  /** The first days of months, with their names; fewer of them when there are many. */
  months(): readonly { readonly day: Day; readonly label: string }[] {
    const result: { readonly day: Day; readonly label: string }[] = [];
    const step = Math.max(1, Math.ceil(daysBetween(this.from, this.to) / 31 / 16));
    const start = toNumber(`${this.from.slice(0, 8)}01`);
    for (let month = 1; ; month += step) {
      const day = toDay(addMonths(start, month));
      // A label at the very edge would run out of the chart.
      if (day >= addDays(this.to, -Math.ceil(daysBetween(this.from, this.to) / 30))) return result;
      const name = names[Number(day.slice(5, 7)) - 1] ?? "";
      result.push({ day, label: day.slice(5, 7) === "01" || month === 1 ? `${name} ${day.slice(0, 4)}` : name });
    }
  }
}

const names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;

/** A number for an attribute. */
export function percent(value: number): string {
  return `${Math.round(value * 1000) / 1000}%`;
}
