import type { Scalar as Node } from "yaml";
import type { Fault } from "../../rotation/declaration/faults";
import { evaluate, type Keys, Meaningless, type Value } from "../evaluation";
import { evaluated, parseYaml } from "../yaml";
import { Moment } from "./moment";
import { plain, type Scalar, tagged } from "./scalar";

/** A value of a file as the Pulumi CLI reads it. */
export type Read = Value<Scalar>;

/** An unquoted text that the CLI reads as something that was not written. */
export interface Surprise {
  readonly keys: Keys;
  readonly written: string;
  readonly value: Scalar;
}

/** A YAML file as the CLI reads it. */
export interface PulumiFile {
  readonly path: string;
  /** What it holds; nothing when it cannot be read, `null` when it is empty. */
  readonly value: Read | undefined;
  /** Why it cannot be read. */
  readonly faults: readonly Fault[];
  /** Further documents in it, which the CLI passes over in silence. */
  readonly others: readonly Fault[];
  readonly surprises: readonly Surprise[];
  /** The line of a part, or of the nearest one around it. */
  line(keys: Keys): number | undefined;
}

/**
 * Reads `Pulumi.yaml` or `Pulumi.<stack>.yaml` by the rules of the CLI, which are those of Go's `yaml.v3`.
 */
export function readPulumiFile(path: string, text: string): PulumiFile {
  const { document, line, faults, others } = parseYaml(text.replace(/^\ufeff/, ""), "failsafe");
  const surprises: Surprise[] = [];
  const result = { path, line, others, surprises };
  if (faults.length > 0) return { ...result, value: undefined, faults };
  const scalar = (node: Node, keys: Keys) => {
    const value = meaning(node);
    if (isSurprise(node, value)) surprises.push({ keys, written: node.source ?? "", value });
    return value;
  };
  return { ...result, ...evaluated(() => evaluate<Scalar>(document.contents, { scalar, key })) };
}

/** The CLI takes nothing but texts for keys of the file and of `config`: it refuses `2026:`. Further inside it prints them. */
function key(node: Node, keys: Keys): string {
  const value = meaning(node);
  if (typeof value === "string") return value;
  if (keys.length === 0 || (keys.length === 1 && keys[0] === "config"))
    throw new Meaningless(`the key ${node.source ?? ""}, which is no text without quotes`);
  if (value === null) return "<nil>";
  return value instanceof Moment ? value.text : String(value);
}

function meaning({ source = "", tag, type }: Node): Scalar {
  if (tag !== undefined && tag !== "!") return tagged(source, tag);
  return type === "PLAIN" ? plain(source) : source;
}

/** Whether a reader of the file takes a scalar for something else than the CLI does. */
function isSurprise({ source = "" }: Node, value: Scalar): boolean {
  if (value instanceof Moment) return true;
  return (typeof value === "bigint" || typeof value === "number") && Number(source) !== Number(value);
}

/** A block of a file; nothing when a value is none. */
export function blockOf(value: Read | undefined): { readonly [key: string]: Read } | undefined {
  if (typeof value !== "object" || value === null || value instanceof Moment || Array.isArray(value)) return undefined;
  return value as { readonly [key: string]: Read };
}

/** Whether a value is an encrypted one. */
export function isSecret(value: Read): value is { readonly secure: string } {
  const block = blockOf(value);
  return block !== undefined && typeof block.secure === "string" && Object.keys(block).length === 1;
}
