/** A value of a settings file as the Pulumi CLI understands it. A whole number keeps every digit. */
export type Scalar = null | boolean | number | bigint | string;

/**
 * What an unquoted YAML scalar means to the Pulumi CLI, whose reader follows YAML 1.2 with three older habits: `0777` is
 * octal, `1_000` is a number, and a date is a moment, which programs receive as Go prints it.
 */
export function plainScalar(text: string): Scalar {
  if (["", "~", "null", "Null", "NULL"].includes(text)) return null;
  if (["true", "True", "TRUE"].includes(text)) return true;
  if (["false", "False", "FALSE"].includes(text)) return false;
  return moment(text) ?? number(text.replaceAll("_", "")) ?? text;
}

/** Whether a plain text would be read back as something else, so that it must be quoted. */
export function needsQuotes(text: string): boolean {
  return plainScalar(text) !== text;
}

/** A scalar as the value of a whole key, where everything is text. */
export function scalarText(value: Scalar): string {
  return value === null ? "" : String(value);
}

function number(text: string): number | bigint | undefined {
  const [, sign, digits] = /^([-+]?)((?:0x[\da-f]+|0o[0-7]+|0b[01]+|\d+))$/i.exec(text) ?? [];
  if (digits !== undefined) {
    // A zero in front of octal digits alone; 0899 stays decimal.
    const whole = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits);
    return sign === "-" ? -whole : whole;
  }
  if (/^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$/.test(text)) return Number(text);
  return undefined;
}

/** `2026-11-23` becomes `2026-11-23 00:00:00 +0000 UTC`. */
function moment(text: string): string | undefined {
  const match =
    /^(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:[Tt]|[ \t]+)(\d{1,2}):(\d{1,2}):(\d{1,2})(\.\d+)?[ \t]*(Z|[-+]\d{2}:\d{2})?)?$/.exec(
      text,
    );
  if (!match) return undefined;
  const [, year = "", month = "", day = "", hour = "0", minute = "0", second = "0", fraction = "", zone = "Z"] = match;
  const two = (part: string) => part.padStart(2, "0");
  const date = `${year}-${two(month)}-${two(day)}`;
  const time = `${two(hour)}:${two(minute)}:${two(second)}`;
  // The thirty-first of February is no moment: the CLI leaves such text alone.
  const instant = new Date(`${date}T${time}Z`);
  if (Number.isNaN(instant.getTime()) || !instant.toISOString().startsWith(`${date}T${time}`)) return undefined;
  const offset =
    zone === "Z" || /^[-+]00:00$/.test(zone) ? "+0000 UTC" : `${zone.replace(":", "")} ${zone.replace(":", "")}`;
  return `${date} ${time}${fraction.replace(/\.?0+$/, "")} ${offset}`;
}
