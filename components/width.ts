/** How wide a message is without a terminal to measure. */
const WIDTH = 100;

/** Columns by which engines indent a message. */
export const INDENT = 4;

/** The columns of the terminal, where whoever started the run says them. */
export function widthOf({ COLUMNS }: NodeJS.ProcessEnv): number {
  const columns = Number(COLUMNS);
  return Number.isInteger(columns) && columns > 0 ? Math.min(columns, 140) : WIDTH;
}
