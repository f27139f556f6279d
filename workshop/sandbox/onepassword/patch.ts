import { Failure } from "./failure";
import { contentOf, fieldOf, objectOf, storedValue } from "./item";
import { type Field, type Item, newId } from "./state";

const readOnly = ["id", "vault", "version", "createdAt", "updatedAt", "lastEditedBy", "state", "category"];

/**
 * Apply a JSON Patch in Connect's dialect: fields are addressed by id, not by place. All or nothing; whatever no
 * operation names stays as it is.
 */
export function patched(item: Item, body: unknown): Item {
  if (!Array.isArray(body)) throw new Failure(400, "Invalid patch: an array of operations is expected");
  let copy = structuredClone(item);
  for (const entry of body) {
    const { op, path, value } = objectOf(entry);
    if (op !== "add" && op !== "remove" && op !== "replace") throw new Failure(400, "Invalid patch operation");
    if (typeof path !== "string" || !path.startsWith("/")) throw new Failure(400, "Invalid patch path");
    if (op !== "remove" && value === undefined) throw new Failure(400, "Invalid patch: a value is missing");
    const steps = path
      .slice(1)
      .split("/")
      .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
    if (path === "/") {
      if (op !== "replace") throw new Failure(400, "Invalid patch operation");
      const whole = { vault: item.vault, category: item.category, ...objectOf(value) };
      copy = {
        ...contentOf(whole, item.vault.id),
        id: item.id,
        version: item.version,
        createdAt: item.createdAt,
        updatedAt: item.updatedAt,
      };
    } else if (steps[0] === "fields") {
      patchField(copy, op, steps.slice(1), value);
    } else {
      patchAttribute(copy, op, steps, value);
    }
  }
  return copy;
}

type Operation = "add" | "remove" | "replace";

function patchField(item: Item, op: Operation, [id, attribute, ...rest]: readonly string[], value: unknown): void {
  const fields = item.fields ?? [];
  item.fields = fields;
  if (id === undefined || id === "" || id === "-") {
    if (op === "add") fields.push(...(Array.isArray(value) ? value.map(fieldOf) : [fieldOf(value)]));
    else if (op === "replace" && Array.isArray(value)) item.fields = value.map(fieldOf);
    else throw new Failure(400, "Invalid patch operation");
    return;
  }
  const at = fields.findIndex((field) => field.id === id);
  const field = fields[at];
  if (!field) throw new Failure(400, `The item doesn't have a ${id} field.`);
  if (attribute === undefined) {
    if (op === "remove") fields.splice(at, 1);
    else fields[at] = fieldOf({ ...objectOf(value), id });
    return;
  }
  if (rest.length > 0 || attribute === "id") throw new Failure(400, "Invalid patch path");
  if (op === "remove") delete field[attribute];
  else fields[at] = changed(field, attribute, value);
}

function changed(field: Field, attribute: string, value: unknown): Field {
  if (attribute === "value") {
    if (typeof value !== "string") throw new Failure(400, "Invalid field value");
    return { ...field, value: storedValue(field.type, value) };
  }
  return fieldOf({ ...field, [attribute]: value });
}

function patchAttribute(item: Item, op: Operation, steps: readonly string[], value: unknown): void {
  const [name = "", index, ...rest] = steps;
  if (readOnly.includes(name) || rest.length > 0) throw new Failure(400, "Invalid patch path");
  if (index === undefined) {
    if (op === "remove") delete item[name];
    else if (op === "add" && Array.isArray(item[name]) && !Array.isArray(value))
      item[name] = [...item[name], withId(name, value)];
    else item[name] = value;
    return;
  }
  const list = item[name];
  if (!Array.isArray(list)) throw new Failure(400, "Invalid patch path");
  const at = index === "-" ? list.length : Number(index);
  if (!Number.isInteger(at) || at < 0 || at > list.length) throw new Failure(400, "Invalid patch path");
  if (op === "add") list.splice(at, 0, value);
  else if (at === list.length) throw new Failure(400, "Invalid patch path");
  else if (op === "remove") list.splice(at, 1);
  else list[at] = value;
}

function withId(name: string, value: unknown): unknown {
  return name === "sections" ? { id: newId(), ...objectOf(value) } : value;
}
