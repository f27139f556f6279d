/** An unquoted day or instant: to Pulumi it is a moment, which a program receives as a text that nobody wrote. */
export class Moment {
  /** As stack configuration hands it on: the way in which Go prints a moment, `2026-11-23 00:00:00 +0000 UTC`. */
  readonly text: string;
  /** As a default of `Pulumi.yaml` is handed on: `2026-11-23T00:00:00Z`. */
  readonly instant: string;

  private constructor(clock: string, offset: string) {
    const zone = offset === "" ? "+0000 UTC" : `${offset.replace(":", "")} ${offset.replace(":", "")}`;
    this.text = `${clock} ${zone}`;
    this.instant = `${clock.replace(" ", "T")}${offset === "" ? "Z" : offset}`;
  }

  /** The moment that an unquoted text is; nothing when it is none, such as the thirty-first of February. */
  static of(text: string): Moment | undefined {
    const [, year = "", month = "", day = "", withT, spaced] = shape.exec(text) ?? [];
    const time = withT ?? spaced;
    const read = clock.exec(time ?? "");
    const [, hour = "0", minute = "0", second = "0", fraction = "", zone = ""] = read ?? [];
    if (year === "" || (time !== undefined && read === null) || (withT !== undefined) !== (zone !== ""))
      return undefined;
    const date = [year, two(month), two(day)].join("-");
    const instant = new Date(`${date}T00:00:00Z`);
    const exists = !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(date);
    if (!exists || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
    const digits = fraction.slice(0, 9).replace(/0+$/, "");
    const written = `${two(hour)}:${two(minute)}:${two(second)}${digits === "" ? "" : `.${digits}`}`;
    return new Moment(`${date} ${written}`, /^(Z|[+-]00:00)$/.test(zone) ? "" : zone);
  }
}

const shape = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt](\d.*)| +(\d.*))?$/;
const clock = /^(\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,](\d+))?(Z|[+-]\d\d:\d\d)?$/;

const two = (number: string): string => number.padStart(2, "0");
