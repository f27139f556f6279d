import type { Read } from "./document";
import type { Json } from "./json";
import { Moment } from "./moment";

/** A type that `Pulumi.yaml` declares for a key. */
export interface Type {
  readonly type: "string" | "integer" | "boolean" | "array" | "object";
  /** Of a list. */
  readonly items?: Type | undefined;
}

/** Whether what `Pulumi.yaml` says is a type. */
export function isType(raw: { readonly type?: unknown; readonly items?: unknown }): raw is Type {
  const { type, items } = raw;
  if (type === "array") return typeof items === "object" && items !== null && isType(items);
  return ["string", "integer", "boolean", "object"].includes(String(type)) && (items === undefined || items === null);
}

/** Whether the CLI takes a value for one of a type: texts that read as numbers are numbers, `"true"` is true. */
export function fits(value: Read | Json, { type, items }: Type): boolean {
  switch (type) {
    case "string":
      return typeof value === "string";
    case "integer":
      return typeof value === "string"
        ? /^[-+]?\d+$/.test(value)
        : typeof value === "bigint" || Number.isInteger(value);
    case "boolean":
      return typeof value === "boolean" || value === "true" || value === "false";
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Moment);
    case "array":
      return Array.isArray(value) && items !== undefined && value.every((one: Read | Json) => fits(one, items));
  }
}
