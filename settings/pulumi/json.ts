/** What JSON can say; whole numbers of any size as `bigint`. */
export type Json = null | boolean | bigint | number | string | readonly Json[] | { readonly [key: string]: Json };

/** JSON as Go writes it: names in order, what is special in HTML escaped. */
export function goJson(value: Json): string {
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "string") return text(value);
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (isList(value)) return `[${value.map(goJson).join(",")}]`;
  const names = Object.keys(value).sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
  return `{${names.map((name) => `${text(name)}:${goJson(value[name] ?? null)}`).join(",")}}`;
}

function text(value: string): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** `Array.isArray` does not know lists that cannot be changed. */
function isList(value: object): value is readonly Json[] {
  return Array.isArray(value);
}
