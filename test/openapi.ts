import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import { parse } from "yaml";
import type { Service, Traffic } from "../sandbox/traffic";
import { extraAnswers, extraOperations, retyped } from "./openapi-exceptions";

/** A request with its answer. */
export interface CheckedExchange {
  readonly method: string;
  /** As sent, without the query. */
  readonly path: string;
  /** As sent, without its question mark. */
  readonly query?: string;
  readonly requestBody?: unknown;
  readonly status: number;
  readonly responseBody?: unknown;
}

const folder = join(__dirname, "..", "..", "shared", "reference");
const files = { gitlab: "gitlab-openapi.json", onepassword: "onepassword-connect-openapi.yaml" } as const;

/** Whether the servers' published descriptions are at hand; without them nothing is checked. */
export const descriptionsAtHand = Object.values(files).every((file) => existsSync(join(folder, file)));

/** Everything in a request and its answer that the server's published description does not allow. No value is quoted. */
export function validateExchange(service: Service, exchange: CheckedExchange): string[] {
  return [...validateRequest(service, exchange), ...validateAnswer(service, exchange)];
}

/** The request alone. */
export function validateRequest(service: Service, exchange: CheckedExchange): string[] {
  if (!descriptionsAtHand) return [];
  return description(service).request(exchange);
}

/** The answer alone: for requests that are wrong on purpose. */
export function validateAnswer(service: Service, exchange: CheckedExchange): string[] {
  if (!descriptionsAtHand) return [];
  return description(service).answer(exchange);
}

/** Check every exchange of a run as it happens. Injected faults are no answers of the servers and are passed over. */
export function checkTraffic(traffic: Traffic): { readonly faults: readonly string[]; stop(): void } {
  const faults = new Set<string>();
  const stop = traffic.watch({
    handled: (exchange) => {
      const injected = exchange.fault === "rate-limited" || exchange.fault === "server-error";
      const found = injected
        ? validateRequest(exchange.service, exchange)
        : validateExchange(exchange.service, exchange);
      for (const fault of found) faults.add(fault);
    },
  });
  return {
    get faults() {
      return [...faults];
    },
    stop,
  };
}

type Json = { readonly [key: string]: unknown };

interface Operation {
  readonly template: string;
  readonly pattern: RegExp;
  readonly method: string;
  readonly definition: Json;
}

const loaded = new Map<Service, Description>();

function description(service: Service): Description {
  const known = loaded.get(service) ?? new Description(service);
  loaded.set(service, known);
  return known;
}

class Description {
  readonly #operations: Operation[];
  readonly #schemas: Json;
  readonly #ajv = new Ajv({ strict: false, allErrors: true, coerceTypes: false });
  readonly #validators = new Map<string, ValidateFunction>();

  constructor(private readonly service: Service) {
    addFormats.default(this.#ajv);
    const text = readFileSync(join(folder, files[service]), "utf8");
    const document: Json = service === "gitlab" ? JSON.parse(text) : parse(text);
    this.#schemas = object(object(document.components).schemas);
    this.#operations = Object.entries(object(document.paths)).flatMap(([path, item]) => {
      const atRoot = ["/heartbeat", "/health", "/metrics"].includes(path);
      const template = service === "gitlab" || atRoot ? path : `/v1${path}`;
      const shared = list(object(item).parameters);
      return Object.entries(object(item))
        .filter(([method]) => ["get", "post", "put", "patch", "delete"].includes(method))
        .map(([method, definition]): Operation => {
          const own = object(definition);
          const parameters = [...shared, ...list(own.parameters)];
          return {
            template,
            pattern: patternOf(template),
            method: method.toUpperCase(),
            definition: { ...own, parameters },
          };
        });
    });
  }

  request(exchange: CheckedExchange): string[] {
    const { method, path } = exchange;
    if (this.#isExtra(exchange)) return [];
    const operation = this.#find(method, path);
    const name = `${this.service} ${method} ${operation?.template ?? path}`;
    if (!operation) return [`${name}: the description has no such operation`];
    const faults: string[] = [];
    const parameters = list(operation.definition.parameters).map(object);
    const values = operation.pattern.exec(path)?.groups ?? {};
    for (const parameter of parameters.filter((one) => one.in === "path")) {
      const text = decodeURIComponent(values[String(parameter.name)] ?? "");
      faults.push(...this.#text(`${name}: path parameter ${String(parameter.name)}`, text, object(parameter.schema)));
    }
    for (const [key, text] of new URLSearchParams(exchange.query ?? "")) {
      const parameter = parameters.find((one) => one.in === "query" && one.name === key.replace(/\[\]$/, ""));
      if (parameter) faults.push(...this.#text(`${name}: query parameter ${key}`, text, object(parameter.schema)));
      else if (!this.#bodyHas(operation, key)) faults.push(`${name}: query parameter ${key} is not described`);
    }
    const schema = jsonSchema(object(operation.definition.requestBody));
    const required = object(operation.definition.requestBody).required === true;
    if (exchange.requestBody === undefined) {
      if (required) faults.push(`${name}: a body is needed`);
    } else if (!schema) faults.push(`${name}: no body is described`);
    else faults.push(...this.#check(`${name}: body`, `${name} request`, schema, exchange.requestBody, "request"));
    return faults;
  }

  answer(exchange: CheckedExchange): string[] {
    const { method, path, status, responseBody } = exchange;
    const operation = this.#find(method, path);
    const name = `${this.service} ${method} ${operation?.template ?? path} answered ${status}`;
    const known = extraAnswers.find(
      (one) =>
        one.service === this.service &&
        one.statuses.includes(status) &&
        (!one.operation || one.operation.test(`${method} ${operation?.template ?? path}`)),
    );
    if (status >= 400 && !this.#isErrorBody(status, responseBody)) return [`${name}: not in the form of an error`];
    if (this.#isExtra(exchange)) return [];
    if (!operation) return status === 404 ? [] : [`${name}: the description has no such operation`];
    const responses = object(operation.definition.responses);
    const response = responses[String(known?.as ?? status)];
    if (response === undefined) return known ? [] : [`${name}: the description has no such status`];
    if (status === 204) return responseBody === undefined ? [] : [`${name}: with a body`];
    if (status >= 400) return [];
    const schema = jsonSchema(object(response));
    return schema ? this.#check(name, `${name} answer`, schema, responseBody, "answer") : [];
  }

  #isExtra({ method, path }: CheckedExchange): boolean {
    return extraOperations.some((one) => one.service === this.service && one.operation.test(`${method} ${path}`));
  }

  #isErrorBody(status: number, body: unknown): boolean {
    if (status === 429 && typeof body === "string") return true;
    if (typeof body !== "object" || body === null) return false;
    if (this.service === "gitlab") return "message" in body || "error" in body;
    return "status" in body && body.status === status && "message" in body && typeof body.message === "string";
  }

  #find(method: string, path: string): Operation | undefined {
    const found = this.#operations.filter((one) => one.method === method && one.pattern.test(path));
    // "/personal_access_tokens/self" is a template of its own and one of ".../{id}".
    return found.sort((a, b) => a.template.split("{").length - b.template.split("{").length)[0];
  }

  /** GitLab takes a body's parameters in the query as well. */
  #bodyHas(operation: Operation, key: string): boolean {
    const [name = "", inner] = key.replace(/\]$/, "").split("[");
    const properties = object(object(jsonSchema(object(operation.definition.requestBody))).properties);
    return (
      this.service === "gitlab" &&
      name in properties &&
      (inner === undefined || inner in object(object(properties[name]).properties))
    );
  }

  #text(name: string, text: string, schema: Json): string[] {
    const types = "oneOf" in schema ? list(schema.oneOf).map((one) => object(one).type) : [schema.type];
    const value =
      types.includes("integer") && /^-?\d+$/.test(text)
        ? Number(text)
        : types.includes("boolean") && /^(true|false)$/.test(text)
          ? text === "true"
          : text;
    if (types.includes("array")) return [];
    return this.#check(name, `${name} ${types.join(" ")}`, schema, value, "request");
  }

  #check(name: string, key: string, schema: Json, value: unknown, side: "request" | "answer"): string[] {
    const validator = this.#validators.get(key) ?? this.#ajv.compile(this.#schema(schema, side));
    this.#validators.set(key, validator);
    if (validator(value)) return [];
    return (validator.errors ?? []).map((error) => {
      const property = error.params.additionalProperty;
      const place = error.instancePath.replaceAll(/\/\d+/g, "/*");
      return `${name}: ${place || "the whole"} ${error.message ?? error.keyword}${property === undefined ? "" : `: ${String(property)}`}`;
    });
  }

  /**
   * The description's schema as JSON schema: references and `allOf` resolved, closed, `null` where it may come. A list
   * that GitLab asks for may be sent as one text with commas.
   */
  #schema(schema: Json, side: "request" | "answer", of = ""): Json {
    const reference = schema.$ref;
    if (typeof reference === "string") {
      const name = reference.slice(reference.lastIndexOf("/") + 1);
      return this.#schema(object(this.#schemas[name]), side, name);
    }
    if (Array.isArray(schema.allOf)) {
      const parts = schema.allOf.map((part) => this.#schema(object(part), side, of));
      return {
        type: "object",
        additionalProperties: false,
        required: parts.flatMap((part) => list(part.required)),
        properties: Object.assign({}, ...parts.map((part) => object(part.properties))),
      };
    }
    const { nullable, properties, items, example: _example, discriminator: _discriminator, ...rest } = schema;
    const result: Record<string, unknown> = { ...rest };
    if (items !== undefined) result.items = this.#schema(object(items), side, of);
    if (properties !== undefined) {
      const entries = Object.entries(object(properties)).map(([name, property]) => {
        const other = retyped.find(
          (one) =>
            one.service === this.service &&
            one.schema.test(of) &&
            one.properties.includes(name) &&
            (one.side ?? side) === side,
        );
        return [
          name,
          this.#optional(other?.as ?? this.#schema(object(property), side, this.#nameOf(property, of)), side),
        ];
      });
      result.properties = Object.fromEntries(entries);
      result.additionalProperties = false;
      const extra = retyped.filter(
        (one) => one.service === this.service && one.schema.test(of) && one.added && (one.side ?? side) === side,
      );
      for (const one of extra)
        Object.assign(object(result.properties), Object.fromEntries(one.properties.map((name) => [name, one.as])));
      const loose = retyped.filter(
        (one) => one.service === this.service && one.schema.test(of) && one.optional && (one.side ?? side) === side,
      );
      if (Array.isArray(result.required)) {
        result.required = result.required.filter((name) => !loose.some((one) => one.properties.includes(String(name))));
      }
    }
    if (side === "request" && this.service === "gitlab" && rest.type === "array") {
      return { anyOf: [result, { type: "string" }] };
    }
    if (nullable === true && typeof rest.type === "string") result.type = [rest.type, "null"];
    return result;
  }

  #nameOf(property: unknown, of: string): string {
    const inner = object(property).items;
    return "$ref" in object(inner ?? property) ? of : `${of}.inner`;
  }

  /** GitLab's description never says which properties may be null, and almost all may. */
  #optional(schema: Json, side: "request" | "answer"): Json {
    return this.service === "gitlab" && side === "answer" ? { anyOf: [{ type: "null" }, schema] } : schema;
  }
}

function patternOf(template: string): RegExp {
  const escaped = template.replace(/[.*+?^$()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replace(/\{(\w+)\}/g, "(?<$1>[^/]+)")}$`);
}

/** The JSON body's schema; GitLab's lists are described by one of their rows. */
function jsonSchema(holder: Json): Json | undefined {
  const media = object(object(holder.content)["application/json"]);
  const schema = media.schema;
  if (schema === undefined) return undefined;
  return media["x-actual-array"] === true ? { type: "array", items: object(schema) } : object(schema);
}

function object(value: unknown): Json {
  return typeof value === "object" && value !== null ? (value as Json) : {};
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
