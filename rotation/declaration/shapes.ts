import { z } from "zod";

/** What JSON Schema can say of a setting: for the schema that editors complete and check a stack's file with. */
export interface Shape {
  /** The keywords for its value, or for each form that it may have. */
  readonly forms?: readonly Readonly<Record<string, unknown>>[];
  /** The keywords for the length of a list. */
  readonly size?: Readonly<Record<string, number>>;
  /** Keys of which exactly one is given; those of an inner list count as one. */
  readonly one?: readonly (string | readonly string[])[];
  /** Keys of which at least one is given. */
  readonly least?: readonly string[];
  /** Keys of which at most one is given. */
  readonly most?: readonly string[];
}

/** The shapes of values that one function reads, and of blocks whose keys hang on each other. */
export const shapes = z.registry<Shape>();

/** How many members a list has. */
export function sizeShape(least: number, most: number): Shape {
  return { size: { ...(least > 0 ? { minItems: least } : {}), ...(Number.isFinite(most) ? { maxItems: most } : {}) } };
}

/** A text that fits a pattern. */
export function textShape(pattern: RegExp, most?: number): Shape {
  const always = pattern.source === "(?:)";
  const length = most === undefined ? {} : { maxLength: most };
  return { forms: [{ type: "string", ...(always ? {} : { pattern: pattern.source }), ...length }] };
}

/** A whole number, also as the text that `pulumi config set` makes of it. */
export function integerShape(minimum: number, maximum: number): Shape {
  return {
    forms: [
      { type: "integer", minimum, maximum },
      { type: "string", pattern: "^\\d+$" },
    ],
  };
}

/** True or false, or one of them, also as a text. */
export function flagShape(...values: readonly boolean[]): Shape {
  const both = values.length > 1;
  const text = { type: "string", pattern: `^(?:${values.join("|")})$` };
  return { forms: [both ? { type: "boolean" } : { type: "boolean", const: values[0] }, text] };
}

/** One of some names, in letters of any size. */
export function choiceShape(choices: readonly string[]): Shape {
  const anySize = (name: string) => name.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
  return {
    forms: [
      { type: "string", enum: choices },
      { type: "string", pattern: `^(?:${choices.map(anySize).join("|")})$` },
    ],
  };
}

/** A day, as written and as an instant of Pulumi's, of the years that begin so. */
export function dayPattern(years = "\\d{2}"): string {
  return `${years}\\d{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])(?:[T ]00:00:00(?:Z| \\+0000 UTC))?`;
}
