import type { Context } from "hono";
import { invalidParameters } from "./refusal";

/**
 * A request's parameters, wherever they stood: query, form or JSON body. Each reader notes what is wrong; {@link check}
 * then refuses with all faults in one line, as GitLab does.
 */
export class Parameters {
  readonly #values: Map<string, unknown>;
  readonly #faults: string[] = [];

  constructor(values: Iterable<readonly [string, unknown]>) {
    this.#values = new Map(values);
  }

  /** Read them from a request. A body wins over the query. */
  static async of(context: Context): Promise<Parameters> {
    const values = new Map<string, unknown>();
    add(values, new URL(context.req.url).searchParams);
    const text = context.req.method === "GET" ? "" : await context.req.text();
    if (text !== "") {
      const type = context.req.header("content-type") ?? "";
      if (type.includes("application/x-www-form-urlencoded")) {
        add(values, new URLSearchParams(text));
      } else {
        let body: unknown;
        try {
          body = JSON.parse(text);
        } catch {
          throw invalidParameters(["The request body is invalid: unexpected token"]);
        }
        for (const [name, value] of Object.entries(body ?? {})) {
          values.set(name, value);
          if (name === "filter") {
            for (const [key, one] of Object.entries(value as object)) values.set(`filter[${key}]`, one);
          }
        }
      }
    }
    return new Parameters(values);
  }

  /** Whether it was sent at all. */
  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** Note a fault found elsewhere. */
  fault(text: string): void {
    this.#faults.push(text);
  }

  /** Refuse when anything was wrong so far. */
  check(): void {
    if (this.#faults.length > 0) throw invalidParameters(this.#faults);
  }

  /** A text; numbers and truth values count as their text. */
  string(name: string): string | undefined {
    const value = this.#values.get(name);
    if (value === undefined || value === null) return undefined;
    if (typeof value === "object") return this.#invalid(name);
    return String(value);
  }

  /** A text that must have been sent. */
  required(name: string): string {
    if (!this.#values.has(name)) this.#faults.push(`${name} is missing`);
    return this.string(name) ?? "";
  }

  /** One of a few known words. */
  oneOf<T extends string>(name: string, known: readonly T[]): T | undefined {
    const value = this.string(name);
    if (value === undefined) return undefined;
    const found = known.find((one) => one === value);
    if (!found) this.#faults.push(`${name} does not have a valid value`);
    return found;
  }

  /** A whole number. */
  integer(name: string): number | undefined {
    const value = this.string(name);
    if (value === undefined) return undefined;
    return /^-?\d+$/.test(value) ? Number(value) : this.#invalid(name);
  }

  /** A truth value, in any of the spellings that GitLab takes; an empty text is none. */
  boolean(name: string): boolean | undefined {
    const value = this.string(name);
    if (value === undefined || value === "") return undefined;
    if (/^(1|on|On|ON|t|true|True|TRUE|T|y|yes|Yes|YES|Y)$/.test(value)) return true;
    if (/^(0|off|Off|OFF|f|false|False|FALSE|F|n|no|No|NO|N)$/.test(value)) return false;
    return this.#invalid(name);
  }

  /** A text that says something; a blank one is as none. */
  present(name: string): string | undefined {
    const value = this.string(name);
    return value?.trim() === "" ? undefined : value;
  }

  /** A list: a JSON array, `name[]` repeated, or one text with commas. */
  list(name: string): string[] | undefined {
    const value = this.#values.get(`${name}[]`) ?? this.#values.get(name);
    if (value === undefined || value === null) return undefined;
    if (Array.isArray(value)) return value.map(String);
    return String(value)
      .split(",")
      .filter((part) => part !== "");
  }

  /** A day, `YYYY-MM-DD`. */
  date(name: string): string | undefined {
    const value = this.string(name);
    if (value === undefined || value === "") return undefined;
    const day = value.slice(0, 10);
    const real = /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(Date.parse(day));
    return real && new Date(day).toISOString().startsWith(day) ? day : this.#invalid(name);
  }

  /** An instant, as milliseconds since 1970. */
  instant(name: string): number | undefined {
    const value = this.string(name);
    if (value === undefined) return undefined;
    const at = Date.parse(value);
    return Number.isNaN(at) ? this.#invalid(name) : at;
  }

  /** As sent, for the few parameters that are objects. */
  raw(name: string): unknown {
    return this.#values.get(name);
  }

  #invalid(name: string): undefined {
    this.#faults.push(`${name} is invalid`);
    return undefined;
  }
}

/** The readers for a block inside of a request. */
export function valuesOf(block: unknown): Parameters {
  return new Parameters(typeof block === "object" && block !== null ? Object.entries(block) : []);
}

function add(values: Map<string, unknown>, pairs: URLSearchParams): void {
  for (const name of new Set(pairs.keys())) {
    values.set(name, name.endsWith("[]") ? pairs.getAll(name) : pairs.get(name));
  }
}
