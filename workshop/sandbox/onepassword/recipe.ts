import { randomInt } from "node:crypto";
import { Failure } from "./failure";

const sets: Readonly<Record<string, string>> = {
  LETTERS: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
  DIGITS: "0123456789",
  SYMBOLS: "!@.-_*",
};

/** A value made by a recipe: of 32 letters, digits and symbols, unless it says otherwise. */
export function generated(recipe: unknown): string {
  const { length = 32, characterSets = Object.keys(sets), excludeCharacters = "" } = (recipe ?? {}) as Recipe;
  if (!Number.isInteger(length) || length < 1 || length > 64) throw new Failure(400, "Invalid recipe length");
  const wanted = characterSets.map((name) => sets[name.toUpperCase()]);
  if (wanted.includes(undefined)) throw new Failure(400, "Invalid character set");
  const alphabet = [...wanted.join("")].filter((one) => !excludeCharacters.includes(one));
  if (alphabet.length === 0) throw new Failure(400, "Invalid recipe: no characters are left");
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join("");
}

interface Recipe {
  readonly length?: number;
  readonly characterSets?: readonly string[];
  readonly excludeCharacters?: string;
}
