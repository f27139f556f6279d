import {
  type Document,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type ParsedNode,
  parseDocument,
  type YAMLParseError,
} from "yaml";
import { type Fault, foundText } from "../rotation/declaration/faults";
import { evaluate, type Keys, Meaningless } from "./evaluation";
import { GrowthError } from "./growth";

/** A YAML file that was read, with the lines that its parts stand on. */
export interface YamlFile {
  readonly path: string;
  /** What it holds; nothing when it could not be read. */
  readonly value: unknown;
  /** What cannot be read; the path of each is a line. */
  readonly faults: readonly Fault[];
  /** The line of a part, or of the nearest one around it. */
  line(keys: Keys): number | undefined;
}

/** Reads a file of ours, such as one of accounts: by YAML 1.2; merge keys work, days may stand without quotes. */
export function readYaml(path: string, text: string): YamlFile {
  const { document, line, faults, others } = parseYaml(text, "core");
  const result = { path, line };
  if (faults.length > 0 || others.length > 0) return { ...result, value: undefined, faults: [...faults, ...others] };
  const read = evaluated(() =>
    evaluate<unknown>(document.contents, { scalar: ({ value }) => value, key: ({ value }) => String(value) }),
  );
  return { ...result, ...read };
}

/** A YAML text, parsed and not yet understood. */
export interface Parsed {
  readonly document: Document.Parsed<ParsedNode>;
  readonly faults: readonly Fault[];
  /** Further documents, which nobody reads. */
  readonly others: readonly Fault[];
  /** The line of a part, or of the nearest one around it. */
  line(keys: Keys): number | undefined;
}

/** Parses a text; `failsafe` leaves all scalars as they are written. */
export function parseYaml(text: string, schema: "core" | "failsafe"): Parsed {
  const lines = new LineCounter();
  // "silent" would be silent about a second document in the file, too, which nobody would read.
  const document = parseDocument(text, { schema, lineCounter: lines, prettyErrors: false, logLevel: "error" });
  const isOther = ({ code }: YAMLParseError) => code === "MULTIPLE_DOCS";
  return {
    document,
    faults: believable(document.errors.filter((error) => !isOther(error))).map((error) => told(error, lines)),
    others: document.errors.filter(isOther).map((error) => told(error, lines)),
    line: (keys) => lineOf(document, lines, keys),
  };
}

/** What follows from a line that could not be read is no fault of its own: nobody could mend it. Keys that are there twice are. */
function believable(errors: readonly YAMLParseError[]): readonly YAMLParseError[] {
  const first = errors.findIndex(({ code }) => code !== "DUPLICATE_KEY");
  return first === -1 ? errors : errors.slice(0, first + 1);
}

/** What a document holds, or why that cannot be told. */
export function evaluated<T>(read: () => T): { readonly value: T | undefined; readonly faults: readonly Fault[] } {
  try {
    return { value: read(), faults: [] };
  } catch (cause) {
    if (!(cause instanceof Meaningless || cause instanceof GrowthError)) throw cause;
    return { value: undefined, faults: [fault("", `what cannot be resolved: ${firstLine(cause.message)}`)] };
  }
}

function told({ code, message, pos: [offset] }: YAMLParseError, lines: LineCounter): Fault {
  const { line, col } = lines.linePos(offset);
  const path = `line ${line}, column ${col}`;
  if (code !== "MULTIPLE_DOCS") return fault(path, `what is no YAML: ${firstLine(message)}`);
  return { path, found: "a second document in the file", expected: "all in one: take the line with --- out" };
}

function fault(path: string, found: string): Fault {
  return { path, found, expected: "valid YAML: mind the indentation, the quotes and the brackets" };
}

/** The parser may quote what it met, which may be anything: so what looks like a token is not told on. */
function firstLine(message: string): string {
  const [line = ""] = message.split("\n");
  const shown = foundText(line);
  return shown.startsWith('"') ? shown.slice(1, -1) : shown;
}

function lineOf(document: Document, lines: LineCounter, keys: Keys): number | undefined {
  let node: unknown = document.contents;
  let offset = isNode(node) ? node.range?.[0] : undefined;
  for (const key of keys) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
      if (pair === undefined) break;
      offset = isNode(pair.key) ? pair.key.range?.[0] : offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(key)];
      offset = isNode(node) ? (node.range?.[0] ?? offset) : offset;
    } else break;
  }
  return offset === undefined ? undefined : lines.linePos(offset).line;
}
