import { z } from "zod";
import { kinds } from "./form";
import * as schema from "./schema";

/** What a setting takes, as far as it matters to how it may be written: a day, any text, or something else. */
export function kindAt(path: readonly (string | number)[]): "day" | "text" | undefined {
  let type: unknown = schema.settings;
  for (const key of path) type = inside(bare(type), key);
  const found = bare(type);
  return found instanceof z.ZodType ? kinds.get(found)?.kind : undefined;
}

/** A schema without what is around it: defaults, and what becomes of the value. */
function bare(type: unknown): unknown {
  if (type instanceof z.ZodType && kinds.get(type) !== undefined) return type;
  if (type instanceof z.ZodPipe) return bare(type.in);
  const isWrapper =
    type instanceof z.ZodOptional ||
    type instanceof z.ZodExactOptional ||
    type instanceof z.ZodDefault ||
    type instanceof z.ZodPrefault;
  return isWrapper ? bare(type.unwrap()) : type;
}

function inside(type: unknown, key: string | number): unknown {
  if (type instanceof z.ZodObject) return type.shape[key];
  return type instanceof z.ZodArray && typeof key === "number" ? type.element : undefined;
}
