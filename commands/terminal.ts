import { wrapped } from "../ground/wrapped";

interface Terminal {
  readonly width: number;
  readonly color: boolean;
}

/** How wide this process's terminal is, and whether it takes colours: NO_COLOR and FORCE_COLOR are heard before it. */
export function terminal(): Terminal {
  return terminalOf(process.stdout);
}

/** The same for what goes to standard error, which may go elsewhere. */
export function errorTerminal(): Terminal {
  return terminalOf(process.stderr);
}

function terminalOf(stream: NodeJS.WriteStream): Terminal {
  const { NO_COLOR = "", FORCE_COLOR = "" } = process.env;
  const isForced = FORCE_COLOR !== "" && FORCE_COLOR !== "0";
  return {
    width: stream.isTTY ? stream.columns : 100,
    color: NO_COLOR === "" && (isForced || (stream.isTTY && stream.hasColors())),
  };
}

/** Writes to standard error; in a terminal, no word is broken at its edge. */
export function warn(text: string): void {
  const { stderr } = process;
  stderr.write(wrapped(text, stderr.isTTY ? Math.min(stderr.columns, 140) : undefined));
}

/** Writes a line of its own there. */
export function warnLine(text: string): void {
  warn(`${text}\n`);
}
