/** `Did you mean "x"?`, with a blank before it, where one of the names is near to what was written; else nothing. */
export function suggestion(written: string, names: readonly string[], show = (name: string) => `"${name}"`): string {
  const found = nearest(written, names);
  return found === undefined ? "" : ` Did you mean ${show(found)}?`;
}

/** The name that is nearest to what was written; none where all are too far off. */
export function nearest(written: string, names: readonly string[]): string | undefined {
  const asked = written.toLowerCase();
  const [best] = names
    .map((name) => ({ name, away: distance(asked, name.toLowerCase()) }))
    .map((one) => (isBeginning(asked, one.name) ? { ...one, away: Math.min(one.away, 1) } : one))
    .sort((a, b) => a.away - b.away);
  return best !== undefined && best.away <= Math.max(1, Math.floor(asked.length / 3)) ? best.name : undefined;
}

function isBeginning(asked: string, name: string): boolean {
  return asked.length >= 3 && name.toLowerCase().startsWith(asked);
}

/** How many letters are to be changed, added, taken away, or swapped with the next one. */
function distance(one: string, other: string): number {
  const rows: number[][] = [Array.from({ length: other.length + 1 }, (_, at) => at)];
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const above = rows[i - 1] ?? [];
      const same = one[i - 1] === other[j - 1];
      const swapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      row.push(
        Math.min(
          (above[j] ?? 0) + 1,
          (row[j - 1] ?? 0) + 1,
          (above[j - 1] ?? 0) + (same ? 0 : 1),
          ...(swapped ? [(rows[i - 2]?.[j - 2] ?? 0) + 1] : []),
        ),
      );
    }
    rows.push(row);
  }
  return rows[one.length]?.[other.length] ?? 0;
}
