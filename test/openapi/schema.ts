import type { Service } from "../../workshop/sandbox/traffic";
import { retyped } from "./exceptions";

/** Parsed JSON or YAML. */
export type Json = { readonly [key: string]: unknown };

/** A schema is read differently in a request and in an answer. */
export type Side = "request" | "answer";

/** As an object; empty for anything else. */
export function object(value: unknown): Json {
  return typeof value === "object" && value !== null ? (value as Json) : {};
}

/** As a list; empty for anything else. */
export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Turns a description's schemas into JSON schemas: references and `allOf` resolved, closed, exceptions worked in. */
export class Schemas {
  constructor(
    private readonly service: Service,
    private readonly named: Json,
  ) {}

  /** `of` is the name of the schema that this one is, or is part of. */
  translate(schema: Json, side: Side, of = ""): Json {
    const { $ref, allOf, nullable, properties, items, example: _example, ...rest } = schema;
    if (typeof $ref === "string") {
      const name = $ref.slice($ref.lastIndexOf("/") + 1);
      return this.translate(object(this.named[name]), side, name);
    }
    if (Array.isArray(allOf)) return merged(allOf.map((part) => this.translate(object(part), side, of)));
    const result: Record<string, unknown> = { ...rest };
    if (items !== undefined) result.items = this.translate(object(items), side, of);
    if (properties !== undefined) {
      result.properties = this.#properties(object(properties), side, of);
      result.additionalProperties = false;
      const optional = this.#exceptions(side, of).filter((one) => one.optional);
      const loose = optional.flatMap((one) => one.properties);
      if (rest.required !== undefined)
        result.required = list(rest.required).filter((name) => !loose.includes(String(name)));
    }
    if (nullable === true) return { anyOf: [{ type: "null" }, result] };
    // A list that GitLab asks for may be sent as one text with commas.
    if (side === "request" && this.service === "gitlab" && rest.type === "array") {
      return { anyOf: [result, { type: "string" }] };
    }
    return result;
  }

  #properties(properties: Json, side: Side, of: string): Json {
    const exceptions = this.#exceptions(side, of);
    const result: Record<string, unknown> = {};
    for (const [name, property] of Object.entries(properties)) {
      const exception = exceptions.find((one) => one.properties.includes(name));
      result[name] = this.#orNull(exception?.as ?? this.translate(object(property), side, `${of}.${name}`), side);
    }
    for (const one of exceptions.filter((exception) => exception.added)) {
      for (const name of one.properties) result[name] = one.as;
    }
    return result;
  }

  #exceptions(side: Side, of: string) {
    return retyped.filter(
      (one) => one.service === this.service && one.schema.test(of) && (one.side === undefined || one.side === side),
    );
  }

  /** GitLab's description never says which properties may be null, and almost all may. */
  #orNull(schema: Json, side: Side): Json {
    return this.service === "gitlab" && side === "answer" ? { anyOf: [{ type: "null" }, schema] } : schema;
  }
}

function merged(parts: readonly Json[]): Json {
  return {
    type: "object",
    additionalProperties: false,
    required: parts.flatMap((part) => list(part.required)),
    properties: Object.assign({}, ...parts.map((part) => object(part.properties))),
  };
}
