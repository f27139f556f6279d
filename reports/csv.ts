import { visible } from "../ground/visible";

/** What a cell shows of a row. */
export type Column<T> = (row: T) => string | number | boolean | undefined;

/**
 * What a formula begins with, for one spreadsheet or other, behind blanks too: at the beginning of a cell, of a line in it, and
 * behind a semicolon, where some begin another cell.
 */
const formula = /(^|[;\n])(?=[^\S\n]*[=+\-@\u2212\uFE62\uFE63\uFE66\uFE6B\uFF0B\uFF0D\uFF1D\uFF20])/g;

/** Rows as CSV (RFC 4180), with a line of names. */
export function csvOf<T>(columns: Readonly<Record<string, Column<T>>>, rows: readonly T[]): string {
  const lines = rows.map((row) => Object.values(columns).map((read) => cell(read(row) ?? "")));
  return [Object.keys(columns), ...lines].map((line) => `${line.join(",")}\r\n`).join("");
}

/** A spreadsheet would carry out a cell that begins like a formula: an apostrophe makes it a text. */
function cell(value: string | number | boolean): string {
  if (typeof value !== "string") return String(value);
  const text = visible(value).replace(formula, "$1'");
  return /[",;\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
