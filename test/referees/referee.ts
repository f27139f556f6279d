import type { Tool } from "./machine";

/** Something that we did not write, which judges what we did. */
export interface Referee {
  /** What it is called on the command line. */
  readonly name: string;
  /** What the machine must have for it. */
  readonly needs: readonly Tool[];
  /** Judges. Throws when it could not. */
  judge(): Promise<Verdict>;
}

/** What a referee said. */
export interface Verdict {
  /** Who judged, with the version: `python-gitlab 8.6.0`. */
  readonly judge: string;
  /** What it found right, in words. */
  readonly right: readonly string[];
  /** What it found wrong, with the reason. */
  readonly wrong: readonly string[];
}

/** Reads what a judge in another language printed: its own name, then a line `ok …` or `not ok …` for each thing judged. */
export function verdict(printed: string): Verdict {
  const lines = printed.split("\n").filter((line) => line !== "");
  const [judge = "", ...rest] = lines;
  const after = (start: string) =>
    rest.filter((line) => line.startsWith(start)).map((line) => line.slice(start.length).trim());
  const [right, wrong] = [after("ok "), after("not ok ")];
  if (!/ v?\d/.test(judge) || right.length + wrong.length === 0) throw new Error(`It judged nothing:\n${printed}`);
  return { judge, right, wrong };
}
