/** What a cell shows of a row. */
export type Column<T> = (row: T) => string | number | boolean | undefined;

/** Rows as CSV (RFC 4180), with a line of names. */
export function csvOf<T>(columns: Readonly<Record<string, Column<T>>>, rows: readonly T[]): string {
  const lines = rows.map((row) => Object.values(columns).map((read) => cell(read(row) ?? "")));
  return [Object.keys(columns), ...lines].map((line) => `${line.join(",")}\r\n`).join("");
}

/** A spreadsheet would carry out a cell that begins like a formula. */
function cell(value: string | number | boolean): string {
  const text = String(value);
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
