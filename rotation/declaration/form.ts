import { z } from "zod";
import { isDay } from "../../ground/day";
import { choiceShape, flagShape, integerShape, type Shape, shapes, sizeShape, textShape } from "./shapes";

/** The keys of each kind of block, for those who wrote an unknown one. */
export const unknownKey = "unknown key; known: ";

/** A block with just these keys; those that are known to be refused are not told as known. */
export function block<S extends z.ZodRawShape>(shape: S, refused: readonly string[] = []) {
  const keys = Object.keys(shape)
    .filter((key) => !refused.includes(key))
    .join(", ");
  return z.strictObject(shape, {
    error: (issue) => (issue.code === "unrecognized_keys" ? `${unknownKey}${keys}` : `a block with the keys ${keys}`),
  });
}

/** Which settings are days, and which are texts. */
export const kinds = z.registry<{ readonly kind: "day" | "text" }>();

/** A value that one function reads; what it cannot read is a fault. */
export function value<T>(expected: string, shape: Shape, read: (raw: unknown) => T | undefined) {
  const type = z.unknown().transform((raw, context): T => {
    const result = read(raw);
    if (result !== undefined) return result;
    context.addIssue({ code: "custom", message: expected });
    return z.NEVER;
  });
  return type.register(shapes, shape);
}

/** A list, of at least and at most so many. */
export function list<T extends z.ZodType>(item: T, of: string, least = 0, most = Number.POSITIVE_INFINITY) {
  const all = z.array(item, { error: `a list of ${of}` }).min(least, { error: `at least one of ${of}` });
  const sized = Number.isFinite(most) ? all.max(most, { error: `at most ${most} of ${of}` }) : all;
  return sized.register(shapes, sizeShape(least, most));
}

/** A text that fits a pattern. */
export function text(expected: string, pattern = /\S/, most = Number.POSITIVE_INFINITY) {
  const shape = textShape(pattern, Number.isFinite(most) ? most : undefined);
  const type = value(expected, shape, (raw) =>
    typeof raw === "string" && pattern.test(raw) && [...raw].length <= most ? raw : undefined,
  );
  return type.register(kinds, { kind: "text" });
}

/** The CLI hands numbers and booleans on as texts when they were set as such. */
export function integer(least: number, most: number, unit: string) {
  return value(`a whole number from ${least} to ${most}${unit}`, integerShape(least, most), (raw) => {
    const number = typeof raw === "string" && /^\d+$/.test(raw) ? Number(raw) : raw;
    const fits = typeof number === "number" && Number.isInteger(number) && number >= least && number <= most;
    return fits ? number : undefined;
  });
}

/** True or false. */
export const flag = value("true or false", flagShape(true, false), (raw) => {
  if (raw === true || raw === "true") return true;
  return raw === false || raw === "false" ? false : undefined;
});

/** True, or left out. */
export const yes = value("true, or leave it out", flagShape(true), (raw) =>
  raw === true || raw === "true" ? (true as const) : undefined,
);

/** One of some names. */
export function choice<const T extends string>(...choices: readonly T[]) {
  const named = choices.map((one) => `"${one}"`).join(", ");
  return value(`one of ${named}`, choiceShape(choices), (raw) =>
    choices.find((one) => typeof raw === "string" && one === raw.toLowerCase()),
  );
}

// An unquoted day in stack configuration reaches programs as a Go time, or as an instant in JSON.
const unquoted = /^(\d{4}-\d{2}-\d{2})[T ]00:00:00(?:Z| \+0000 UTC)$/;

/** A day as written, also as Pulumi hands an unquoted one on. */
export function dayOf(raw: unknown): string | undefined {
  if (typeof raw !== "string") return undefined;
  const day = unquoted.exec(raw)?.[1] ?? raw;
  return isDay(day) ? day : undefined;
}

/** Whether dates may be reckoned from it. */
export function isDatable(written: string): boolean {
  return written >= "2000-01-01" && written < "2200-01-01";
}

/** A part of a path, which is not of dots alone. */
export const part = "(?!\\.+(?:/|$))[\\w.][\\w.-]*";

/** The name of an account, or of a fleet. */
export const key = text(
  "1 to 60 letters, digits, dots, underscores or hyphens, the first a letter or digit",
  /^[A-Za-z0-9][\w.-]{0,59}$/,
);
// A part of dots alone would lead to another place of the API, and GitLab takes a number for an id: what is reviewed, and
// what policies judge, is the path.
/** The full path of a group. */
export const group = text(
  'the full path of a group, no number, such as "security"',
  new RegExp(`^(?!\\d+$)${part}(?:/${part})*$`),
);
/** A project by its path. */
export const project = text(
  'the full path of a project, such as "security/inventory-builder"',
  new RegExp(`^${part}(?:/${part})+$`),
);
/** Any text that says something. */
export const sentence = text("a text");
