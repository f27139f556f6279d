import { isSecret, type Read } from "./document";
import { goJson, type Json } from "./json";
import { Moment } from "./moment";

/** How values become the texts that a program receives. */
export interface Rules {
  /** Of the two ways in which the CLI writes a moment; see {@link Moment}. */
  readonly moment: "text" | "instant";
  /** Opens what is encrypted. */
  readonly decrypt: (ciphertext: string) => string;
}

/** A value of configuration as a program receives it: what is no text by itself comes as JSON, nothing as an empty text. */
export function textOf(value: Read, rules: Rules): string {
  if (typeof value === "bigint") return value.toString();
  const handed = json(value, rules);
  if (handed === null) return "";
  return typeof handed === "string" ? handed : goJson(handed);
}

/** A value of configuration, secrets opened. */
export function json(value: Read, rules: Rules): Json {
  if (value instanceof Moment) return value[rules.moment];
  if (isSecret(value)) return rules.decrypt(value.secure);
  // Inside of a list or a block what has more than 63 bits loses some of them.
  if (typeof value === "bigint") return value >= 2n ** 63n ? Number(value) : value;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((one: Read) => json(one, rules));
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, json(one, rules)]));
}

/** All texts as the engine hands them to the program, in one environment variable: JSON, with each key in its older form. */
export function handedOn(texts: Iterable<readonly [name: string, text: string]>): string {
  return goJson(Object.fromEntries([...texts].map(([name, text]) => [name.replace(":", ":config:"), text])));
}

/** Whether something in a value is encrypted. */
export function holdsSecret(value: Read): boolean {
  if (value instanceof Moment || typeof value !== "object" || value === null) return false;
  return isSecret(value) || Object.values(value).some((one: Read) => holdsSecret(one));
}

/** Whether JSON can say a value: it knows neither infinity nor what is no number, and the CLI refuses both. */
export function isSayable(value: Read): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  if (value instanceof Moment || typeof value !== "object" || value === null) return true;
  return Object.values(value).every((one: Read) => isSayable(one));
}
