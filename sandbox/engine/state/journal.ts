import { type FileHandle, open, readFile } from "node:fs/promises";
import { coalesce } from "./coalesce";
import type { Entry, Marker } from "./snapshot";

/** One line of a journal. */
export type Line = Entry | { readonly marker: Marker };

/** The file in which a run keeps what the state's file does not hold yet. */
export class Journal {
  private lines: string[] = [];

  /** Kept once everything pushed before the call would survive a power cut. */
  readonly flush = coalesce(async () => {
    const { lines } = this;
    if (lines.length === 0) return;
    this.lines = [];
    await this.file.appendFile(`${lines.join("\n")}\n`);
    await this.file.datasync();
  });

  private constructor(private readonly file: FileHandle) {}

  /** Starts an empty one. */
  static async create(path: string): Promise<Journal> {
    return new Journal(await open(path, "w", 0o600));
  }

  /** On disk at the latest with the next flush. */
  push(line: Line): void {
    this.lines.push(JSON.stringify(line));
  }

  /** Lets go of the file. */
  async close(): Promise<void> {
    await this.file.close();
  }
}

/** What a journal adds to the state written at this time; `undefined` when it continues another state, or is none. */
export async function readJournal(
  path: string,
  time: string,
): Promise<{ readonly marker: Marker; readonly entries: readonly Entry[] } | undefined> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  // What follows the last line end was being written when the run was killed: nobody was told that it is kept.
  const whole = text.split("\n").slice(0, -1);
  const lines = whole.map((line) => JSON.parse(line) as Line);
  const start = lines.map((line) => "marker" in line && line.marker.time === time).lastIndexOf(true);
  const line = lines[start];
  if (!line || !("marker" in line)) return undefined;
  return {
    marker: line.marker,
    entries: lines.slice(start + 1).filter((other): other is Entry => !("marker" in other)),
  };
}
