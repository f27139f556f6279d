import { Failure } from "./failure";

/** One comparison of a SCIM filter. */
export interface Filter {
  readonly attribute: string;
  readonly operator: "eq" | "co";
  readonly value: string;
}

/** Read a filter such as `title eq "Some Item"`; inside the quotes, `\"` and `\\` stand for themselves. */
export function parseFilter(text: string, attributes: readonly string[]): Filter {
  const match = /^\s*(\w+)\s+(eq|co)\s+("(?:[^"\\]|\\.)*")\s*$/i.exec(text);
  const attribute = match?.[1]?.toLowerCase() ?? "";
  const operator = match?.[2]?.toLowerCase();
  if (!match?.[3] || !attributes.includes(attribute)) throw new Failure(400, "Invalid filter");
  try {
    const value: unknown = JSON.parse(match[3]);
    return { attribute, operator: operator === "co" ? "co" : "eq", value: String(value) };
  } catch {
    throw new Failure(400, "Invalid filter");
  }
}

/** Whether any of the texts passes. */
export function passes(filter: Filter, texts: readonly string[]): boolean {
  return texts.some((text) => (filter.operator === "eq" ? text === filter.value : text.includes(filter.value)));
}
