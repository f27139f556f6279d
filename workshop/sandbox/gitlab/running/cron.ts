/** The first minute after `after` (UTC) that a five-field cron line names. Knows `*`, numbers, lists, ranges and steps. */
export function nextRun(cron: string, after: Date): Date {
  const fields = cron.trim().split(/\s+/);
  if (fields.length !== 5) throw new Error(`The cron line "${cron}" has ${fields.length} fields; five are needed`);
  const [minutes, hours, days, months, weekdays] = fields.map((field, at) => valuesOf(field, limits[at] ?? [0, 0]));
  const at = new Date(after);
  at.setUTCSeconds(0, 0);
  at.setUTCMinutes(at.getUTCMinutes() + 1);
  const dayMatches = () => {
    const inMonth = days?.has(at.getUTCDate()) ?? true;
    const inWeek = weekdays?.has(at.getUTCDay()) ?? true;
    // Cron's old rule: when both are restricted, either is enough.
    return fields[2] !== "*" && fields[4] !== "*" ? inMonth || inWeek : inMonth && inWeek;
  };
  for (let step = 0; step < 500_000; step += 1) {
    if (!months?.has(at.getUTCMonth() + 1) || !dayMatches()) {
      at.setUTCHours(24, 0, 0, 0);
    } else if (!hours?.has(at.getUTCHours())) {
      at.setUTCHours(at.getUTCHours() + 1, 0, 0, 0);
    } else if (!minutes?.has(at.getUTCMinutes())) {
      at.setUTCMinutes(at.getUTCMinutes() + 1);
    } else {
      return at;
    }
  }
  throw new Error(`The cron line "${cron}" names no moment`);
}

const limits: readonly (readonly [number, number])[] = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 7],
];

function valuesOf(field: string, [least, most]: readonly [number, number]): Set<number> {
  const values = new Set<number>();
  for (const part of field.split(",")) {
    const [range = "*", step = "1"] = part.split("/");
    const [from, to] = range === "*" ? [least, most] : range.split("-").map(Number);
    if (from === undefined || Number.isNaN(from)) throw new Error(`The cron field "${field}" is not understood`);
    const last = to ?? (part.includes("/") ? most : from);
    for (let value = from; value <= last; value += Number(step)) values.add(most === 7 ? value % 7 : value);
  }
  return values;
}
