import { stripVTControlCharacters } from "node:util";

/** A step that has begun, and is told of again when it has ended; with a link it is progress worth showing. */
const begun = /\b(creating|updating|deleting|reading|refreshing|replacing) \([\d.]+m?s\)/;
/** A step that has ended, without what was said meanwhile. */
const ended = /^(.*\b(?:created|updated|deleted|read|refreshed|replaced) \([\d.]+m?s\)(?: \[diff: [^\]]*\])?).*$/;
/** What says nothing to a reader of the story. */
const idle =
  /^(@ |Duration:|Updating \(|Previewing (update|refresh|destroy) \(|View (Live|in Browser)|More information at:)/;

/** Picks the lines of an engine's output that tell what happened: steps that ended, progress, diagnostics, the summary. */
export class EngineOutput {
  readonly #tell: (line: string) => void;
  #rest = "";
  #insideOutputs = false;
  #last = "";

  constructor(tell: (line: string) => void) {
    this.#tell = tell;
  }

  /** Takes a piece of output, as it arrives. */
  take(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) {
      this.#line(stripVTControlCharacters(line).trimEnd());
    }
  }

  /** The output is over. */
  end(): void {
    this.take("\n");
  }

  #line(line: string): void {
    // The story ends with a table of its own.
    this.#insideOutputs = line === "Outputs:" || (this.#insideOutputs && !/^\S/.test(line));
    const progress = begun.test(line);
    if (line === "" || this.#insideOutputs || idle.test(line.trimStart())) {
      return;
    }
    if (progress && !(line.includes("http") && !line.includes("error:"))) {
      return;
    }
    const told = ended.exec(line)?.[1] ?? line;
    if (told !== this.#last) {
      this.#tell(told);
    }
    this.#last = told;
  }
}
