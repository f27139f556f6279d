import { stripVTControlCharacters } from "node:util";

/** Begun, and told again when it has ended. */
const begun = /\b(creating|updating|deleting|reading|refreshing|replacing) \([\d.]+m?s\)\s*$/;
/** What says nothing to a reader of the story. */
const idle =
  /^(@ |Duration:|Updating \(|Previewing (update|refresh|destroy) \(|View (Live|in Browser)|More information at:)/;

/** Picks the lines of an engine's output that tell what happened: steps that ended, messages, diagnostics and outputs. */
export class EngineOutput {
  readonly #tell: (line: string) => void;
  #rest = "";

  constructor(tell: (line: string) => void) {
    this.#tell = tell;
  }

  /** Takes a piece of output, as it arrives. */
  take(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) {
      this.#line(line);
    }
  }

  /** The output is over. */
  end(): void {
    this.#line(this.#rest);
    this.#rest = "";
  }

  #line(raw: string): void {
    const line = stripVTControlCharacters(raw).trimEnd();
    if (line.trim() === "" || begun.test(line) || idle.test(line.trimStart())) {
      return;
    }
    this.#tell(line);
  }
}
