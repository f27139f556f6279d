import type { FileFault } from "../../rotation/declaration/faults";
import type { Keys } from "../evaluation";
import type { PulumiFile } from "./document";

/** A fault of one of Pulumi's files, with its line. */
export function problem(file: PulumiFile, keys: Keys, found: string, expected: string): FileFault {
  const path = keys.map((key) => (typeof key === "number" ? `[${key}]` : `.${key}`)).join("");
  const line = file.line(keys);
  return { file: file.path, path: path.replace(/^\./, ""), found, expected, ...(line === undefined ? {} : { line }) };
}

/** Faults of what is no YAML: they have their line in words. */
export function unread({ path, faults }: PulumiFile): readonly FileFault[] {
  return faults.map((fault) => unreadable(path, fault));
}

/** A fault whose path may begin with a line in words. */
export function unreadable<T extends { readonly path: string; readonly found: string; readonly expected: string }>(
  file: string,
  fault: T,
): FileFault {
  const [, line, rest] = /^line (\d+), (.*)$/.exec(fault.path) ?? [];
  const { found, expected } = fault;
  if (line === undefined) return { file, path: fault.path, found, expected };
  return { file, path: rest ?? "", found, expected, line: Number(line) };
}
