import { stripVTControlCharacters } from "node:util";

/** Something that the engine said. */
export type Said =
  | {
      readonly kind: "step";
      readonly sign: string;
      readonly type: string;
      readonly name: string;
      readonly what: string;
    }
  /** A line of what a preview tells, just as it stands: its columns, its colours, its empty lines. */
  | { readonly kind: "report"; readonly text: string }
  | { readonly kind: "message" | "error" | "summary"; readonly text: string };

/** `+  runbook:index:Account inventory created (0.37s) [diff: …]; what was said meanwhile`. */
const step =
  /^ ?(?<sign>\S{1,2}) {1,3}(?<type>[\w-]+:[\w/-]+:\w+) (?<name>.+?) (?<what>(?:creat|updat|delet|replac|read|refresh)(?:e|ed|ing|ed replacement)?|\*\*[\w ]+ failed\*\*)(?: \([\d.]+m?s\))?(?: \[diff: [^\]]*\])?(?:;? (?<text>.+))?$/;
/** `   runbook:index:PersonalAccessToken inventory-2026-11-23 minted token 1203 …`. */
const meanwhile = /^ {4,}(?<type>[\w-]+:[\w/-]+:\w+) (?<rest>.+)$/;
/** What tells a reader of the story nothing: the stack, and the component around the steps of an account. */
const around = /^(pulumi:pulumi:Stack|pat-rotation:index:Account)$/;
/** The headings under which the engine prints. */
/** Under it stands what the program itself says. */
const ofProgram = /^ {2}pulumi:pulumi:Stack \(.+\):$/;
/** How far an engine indents what is said. */
const indent = 4;
const heading = /^(Diagnostics|Resources|Outputs|Duration|Policies):/;

/**
 * Picks out of an engine's output what tells the story: steps that ended, what they say, errors, the summary, each once; and
 * what the program itself tells, line for line.
 */
export class EngineOutput {
  readonly #tell: (said: Said) => void;
  readonly #told = new Set<string>();
  #rest = "";
  #section = "";
  #isError = false;
  #isProgram = false;
  #summary: string[] = [];

  constructor(tell: (said: Said) => void) {
    this.#tell = tell;
  }

  /** Takes a piece of output, as it arrives. */
  take(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#line(stripVTControlCharacters(line).trimEnd(), line);
  }

  /** The output is over. */
  end(): void {
    this.take("\n");
    if (this.#summary.length > 0) {
      this.#once({ kind: "summary", text: this.#summary.join(", ") });
    }
  }

  #line(line: string, raw: string): void {
    const section = heading.exec(line)?.[1];
    if (section !== undefined) {
      this.#section = section;
    } else if (this.#section === "Diagnostics") {
      this.#diagnostic(line, raw);
    } else if (this.#section === "Resources") {
      this.#counted(line.trim());
    } else if (this.#section === "") {
      this.#step(line);
    }
  }

  #step(line: string): void {
    const { sign = "", type = "", name = "", what = "", text = "" } = step.exec(line)?.groups ?? {};
    if (what === "") {
      this.#meanwhile(line);
      return;
    }
    // What the program says comes once more, whole.
    if (text !== "" && !text.startsWith("error:") && !around.test(type)) {
      this.#once({ kind: "message", text });
    }
    if (!around.test(type) && !what.endsWith("ing")) {
      this.#once({ kind: "step", sign, type: short(type), name, what: what.replaceAll("*", "") });
    }
  }

  /** What a resource says while it is made: its name may hold spaces, so it is told apart by what our resources say. */
  #meanwhile(line: string): void {
    const { type = "", rest = "" } = meanwhile.exec(line)?.groups ?? {};
    const said = /(?<= )(minted|token \d|schedule "|ref "|job "|revoked|swept).*$/.exec(rest)?.[0];
    if (!around.test(type) && said !== undefined && !rest.includes("error:")) {
      this.#once({ kind: "message", text: said });
    }
  }

  #diagnostic(line: string, raw: string): void {
    const isHeading = /^ {2}\S+ \(.+\):$/.test(line);
    if (isHeading) this.#isProgram = ofProgram.test(line);
    if (this.#isProgram && !isHeading && !/^\s*error:/.test(line) && !this.#isError) {
      // An engine's own empty line ends the section.
      if (line !== "" || raw.length >= indent) this.#tell({ kind: "report", text: raw.replace(/^( {4})/, "") });
      return;
    }
    if (isHeading || line.trim() === "") {
      this.#isError = false;
      return;
    }
    const text = line
      .trim()
      .replace(/^error: (1 error occurred:)?/, "")
      .replace(/^\* /, "")
      .trim();
    this.#isError ||= /^\s*error:/.test(line);
    if (text !== "") {
      this.#once({ kind: this.#isError ? "error" : "message", text });
    }
  }

  #counted(line: string): void {
    const counted = /(?:^|\. )(?:[^\w\s]+ )?(\d+ (?:to )?(?!changes)\w+)$/.exec(line)?.[1];
    if (counted !== undefined) {
      this.#summary.push(counted);
    }
  }

  #once(said: Said): void {
    const key = JSON.stringify(said);
    if (!this.#told.has(key)) {
      this.#told.add(key);
      this.#tell(said);
    }
  }
}

/** `gitlab:index/projectVariable:ProjectVariable` as people say it: `gitlab:ProjectVariable`. */
function short(type: string): string {
  return type.replace(/:.*:/, ":");
}
