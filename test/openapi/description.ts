import { Ajv, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import type { Service } from "../../workshop/sandbox/traffic";
import { extraAnswers, extraOperations, extraParameters, newerBodies } from "./exceptions";
import { type Json, list, object, Schemas, type Side } from "./schema";

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

interface Operation {
  /** Method and path, as the description writes it. */
  readonly name: string;
  readonly method: string;
  readonly pattern: RegExp;
  readonly definition: Json;
}

/** A server's published description, to hold exchanges against. Faults name places and kinds, never values. */
export class Description {
  readonly #operations: readonly Operation[];
  readonly #schemas: Schemas;
  readonly #ajv = new Ajv({ strict: false, allErrors: true });
  readonly #validators = new Map<string, ValidateFunction>();

  constructor(
    private readonly service: Service,
    document: Json,
  ) {
    addFormats.default(this.#ajv);
    this.#schemas = new Schemas(service, object(object(document.components).schemas));
    this.#operations = Object.entries(object(document.paths))
      .flatMap(([path, item]) => operationsOf(service, path, object(item)))
      // "/personal_access_tokens/self" is a path of its own and fits ".../{id}" as well.
      .sort((a, b) => a.name.split("{").length - b.name.split("{").length);
  }

  /** What is wrong with the request. */
  request(exchange: CheckedExchange): string[] {
    if (this.#isExtra(exchange)) return [];
    const operation = this.#find(exchange);
    if (!operation)
      return [`${this.service} ${exchange.method} ${exchange.path}: the description has no such operation`];
    return [
      ...this.#path(operation, exchange.path),
      ...this.#query(operation, exchange.query ?? ""),
      ...this.#body(operation, exchange.requestBody),
    ];
  }

  /** What is wrong with the answer. */
  answer(exchange: CheckedExchange): string[] {
    const { method, path, status, responseBody } = exchange;
    const operation = this.#find(exchange);
    const name = `${this.service} ${operation?.name ?? `${method} ${path}`} answered ${status}`;
    if (status >= 400 && !this.#isErrorBody(status, responseBody)) return [`${name}: not in the form of an error`];
    if (this.#isExtra(exchange)) return [];
    if (!operation) return status === 404 || status === 405 ? [] : [`${name}: the description has no such operation`];
    const exception = extraAnswers.find(
      (one) =>
        one.service === this.service &&
        one.statuses.includes(status) &&
        (one.operation === undefined || one.operation.test(operation.name)),
    );
    const response = object(operation.definition.responses)[String(exception?.as ?? status)];
    if (response === undefined) return exception ? [] : [`${name}: the description has no such status`];
    if (status === 204) return responseBody === undefined ? [] : [`${name}: with a body`];
    const schema = status >= 400 ? undefined : bodySchema(object(response));
    return schema ? this.#check(name, schema, responseBody, "answer") : [];
  }

  #find({ method, path }: CheckedExchange): Operation | undefined {
    return this.#operations.find((one) => one.method === method && one.pattern.test(path));
  }

  #isExtra({ method, path }: CheckedExchange): boolean {
    return extraOperations.some((one) => one.service === this.service && one.operation.test(`${method} ${path}`));
  }

  #isErrorBody(status: number, body: unknown): boolean {
    if (status === 429 && typeof body === "string") return true;
    const { error, message, status: named } = object(body);
    if (this.service === "gitlab") return error !== undefined || message !== undefined;
    return named === status && typeof message === "string";
  }

  #path(operation: Operation, path: string): string[] {
    const values = operation.pattern.exec(path)?.groups ?? {};
    return list(operation.definition.parameters)
      .map(object)
      .filter((parameter) => parameter.in === "path")
      .flatMap(({ name, schema }) => {
        const text = decodeURIComponent(values[String(name)] ?? "");
        return this.#text(`${this.service} ${operation.name}: path parameter ${String(name)}`, text, object(schema));
      });
  }

  #query(operation: Operation, query: string): string[] {
    const parameters = list(operation.definition.parameters).map(object);
    return [...new URLSearchParams(query)].flatMap(([key, text]) => {
      const name = `${this.service} ${operation.name}: query parameter ${key}`;
      const parameter = parameters.find((one) => one.in === "query" && one.name === key.replace(/\[\]$/, ""));
      if (parameter) return this.#text(name, text, object(parameter.schema));
      return this.#isAlsoParameter(operation, key) ? [] : [`${name} is not described`];
    });
  }

  /** GitLab takes a body's parameters in the query as well. */
  #isAlsoParameter(operation: Operation, key: string): boolean {
    const [name = "", inner] = key.replace(/\]$/, "").split("[");
    const properties = object(bodySchema(object(operation.definition.requestBody))?.properties);
    const inBody = name in properties && (inner === undefined || inner in object(object(properties[name]).properties));
    return (
      (this.service === "gitlab" && inBody) ||
      extraParameters.some(
        (one) => one.service === this.service && one.operation.test(operation.name) && one.name === key,
      )
    );
  }

  #body(operation: Operation, body: unknown): string[] {
    const name = `${this.service} ${operation.name}: body`;
    const description = object(operation.definition.requestBody);
    const schema = bodySchema(description);
    if (body === undefined) return description.required === true ? [`${name} is missing`] : [];
    if (schema === undefined) return [`${name} is not described`];
    const newer = newerBodies.find(
      (one) => one.service === this.service && one.operation.test(operation.name) && one.takes in object(body),
    );
    if (newer === undefined) return this.#check(name, schema, body, "request");
    const { [newer.inPlaceOf]: _older, ...properties } = object(schema.properties);
    const required = list(schema.required).filter((one) => one !== newer.inPlaceOf);
    const whole = { ...schema, required, properties: { ...properties, [newer.takes]: newer.as } };
    return this.#check(`${name} with ${newer.takes}`, whole, body, "request");
  }

  /** A parameter is text; its schema speaks of what the text stands for. */
  #text(name: string, text: string, schema: Json): string[] {
    const types = [schema, ...list(schema.oneOf)].map((one) => object(one).type);
    if (types.includes("array")) return [];
    if (types.includes("integer") && /^-?\d+$/.test(text)) return this.#check(name, schema, Number(text), "request");
    // GitLab takes other spellings than ours, and its clients send them.
    if (types.includes("boolean") && /^(true|false|t|f|yes|no|y|n|on|off|1|0)?$/i.test(text)) {
      return this.#check(name, schema, true, "request");
    }
    return this.#check(name, schema, text, "request");
  }

  #check(name: string, schema: Json, value: unknown, side: Side): string[] {
    const validator = this.#validators.get(name) ?? this.#ajv.compile(this.#schemas.translate(schema, side));
    this.#validators.set(name, validator);
    if (validator(value)) return [];
    return (validator.errors ?? []).map(({ instancePath, message, params }) => {
      const place = instancePath.replaceAll(/\/\d+/g, "/*") || "the whole";
      const extra = params.additionalProperty === undefined ? "" : `: ${String(params.additionalProperty)}`;
      return `${name}: ${place} ${message ?? "is wrong"}${extra}`;
    });
  }
}

function operationsOf(service: Service, path: string, item: Json): Operation[] {
  const atRoot = ["/heartbeat", "/health", "/metrics"].includes(path);
  const template = service === "gitlab" || atRoot ? path : `/v1${path}`;
  return ["get", "post", "put", "patch", "delete"]
    .filter((method) => method in item)
    .map((method) => {
      const definition = object(item[method]);
      return {
        name: `${method.toUpperCase()} ${template}`,
        method: method.toUpperCase(),
        pattern: patternOf(template),
        definition: { ...definition, parameters: [...list(item.parameters), ...list(definition.parameters)] },
      };
    });
}

function patternOf(template: string): RegExp {
  const escaped = template.replace(/[.*+?^$()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replace(/\{(\w+)\}/g, "(?<$1>[^/]+)")}$`);
}

/** The JSON body's schema; GitLab's lists are described by one of their rows. */
function bodySchema(holder: Json): Json | undefined {
  const media = object(object(holder.content)["application/json"]);
  if (media.schema === undefined) return undefined;
  const schema = object(media.schema);
  return media["x-actual-array"] === true ? { type: "array", items: schema } : schema;
}
