import { Failure } from "./failure";
import { generated } from "./recipe";
import { type Field, type Item, newId } from "./state";

const categories = [
  "LOGIN",
  "PASSWORD",
  "API_CREDENTIAL",
  "SERVER",
  "DATABASE",
  "CREDIT_CARD",
  "MEMBERSHIP",
  "PASSPORT",
  "SOFTWARE_LICENSE",
  "OUTDOOR_LICENSE",
  "SECURE_NOTE",
  "WIRELESS_ROUTER",
  "BANK_ACCOUNT",
  "DRIVER_LICENSE",
  "IDENTITY",
  "REWARD_PROGRAM",
  "EMAIL_ACCOUNT",
  "SOCIAL_SECURITY_NUMBER",
  "MEDICAL_RECORD",
  "SSH_KEY",
];

const types = ["STRING", "EMAIL", "CONCEALED", "URL", "TOTP", "DATE", "MONTH_YEAR", "MENU"];

/** The fields that an item of a category always has, under fixed ids. */
const builtIn: Readonly<Record<string, readonly Field[]>> = {
  LOGIN: [
    { id: "username", type: "STRING", purpose: "USERNAME", label: "username" },
    { id: "password", type: "CONCEALED", purpose: "PASSWORD", label: "password" },
    { id: "notesPlain", type: "STRING", purpose: "NOTES", label: "notesPlain" },
  ],
  PASSWORD: [
    { id: "password", type: "CONCEALED", purpose: "PASSWORD", label: "password" },
    { id: "notesPlain", type: "STRING", purpose: "NOTES", label: "notesPlain" },
  ],
  SECURE_NOTE: [{ id: "notesPlain", type: "STRING", purpose: "NOTES", label: "notesPlain" }],
  API_CREDENTIAL: [
    { id: "notesPlain", type: "STRING", purpose: "NOTES", label: "notesPlain" },
    { id: "username", type: "STRING", label: "username" },
    { id: "credential", type: "CONCEALED", label: "credential" },
    { id: "type", type: "MENU", label: "type" },
    { id: "filename", type: "STRING", label: "filename" },
    { id: "validFrom", type: "DATE", label: "valid from" },
    { id: "expires", type: "DATE", label: "expires" },
    { id: "hostname", type: "STRING", label: "hostname" },
  ],
};

/** An object, or a refusal. */
export function objectOf(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Failure(400, "Invalid request body");
  }
  return value as Record<string, unknown>;
}

/** An item but for what the server alone decides. */
export interface Content extends Pick<Item, "title" | "vault" | "category" | "fields"> {
  [other: string]: unknown;
}

/** What a POST or PUT sent, checked and completed: categories, built-in fields, ids, dates. */
export function contentOf(body: unknown, vaultId: string): Content {
  const sent = objectOf(body);
  const { id: _id, version: _version, createdAt: _created, updatedAt: _updated, lastEditedBy: _by, ...rest } = sent;
  const category = rest.category;
  if (typeof category !== "string" || !categories.includes(category)) throw new Failure(400, "Invalid item category");
  const vault = rest.vault;
  if (vault === undefined || objectOf(vault).id !== vaultId) throw new Failure(400, "Invalid vault ID");
  const fields = completed(category, fieldsOf(rest.fields));
  return {
    favorite: false,
    ...rest,
    title: typeof rest.title === "string" ? rest.title : "",
    category,
    vault: { id: vaultId },
    fields,
  };
}

/** A list of fields as sent, checked; those without an id get one. */
function fieldsOf(value: unknown): Field[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new Failure(400, "Invalid fields");
  const fields = value.map(fieldOf);
  const ids = fields.map((field) => field.id);
  if (new Set(ids).size < ids.length) throw new Failure(400, "Duplicate field ID");
  const purposes = fields.flatMap((field) => (field.purpose ? [field.purpose] : []));
  if (new Set(purposes).size < purposes.length) throw new Failure(400, "Duplicate field purpose");
  return fields;
}

/** One field as sent, checked. Types may come in small letters, as the vendor's own examples have them. */
export function fieldOf(value: unknown): Field {
  const sent = objectOf(value);
  const type = typeof sent.type === "string" ? sent.type.toUpperCase() : "STRING";
  if (!types.includes(type)) throw new Failure(400, "Invalid field type");
  const { entropy: _entropy, generate, recipe, ...rest } = sent;
  const field: Field = { ...rest, id: typeof sent.id === "string" && sent.id !== "" ? sent.id : newId(), type };
  if (generate === true && !field.value) field.value = generated(recipe);
  if (field.value !== undefined) {
    if (typeof field.value !== "string") throw new Failure(400, "Invalid field value");
    field.value = storedValue(type, field.value);
  }
  return field;
}

/** Dates are kept as Unix seconds, at 12:01 UTC of the day. */
export function storedValue(type: string, value: string): string {
  if (type === "MONTH_YEAR" && value !== "" && !/^\d{4}[/-]?\d{2}$/.test(value))
    throw new Failure(400, "Invalid month year");
  if (type !== "DATE" || value === "" || /^-?\d+$/.test(value)) return value;
  const at = /^\d{4}-\d{2}-\d{2}$/.test(value) ? Date.parse(`${value}T12:01:00Z`) : Number.NaN;
  if (Number.isNaN(at)) throw new Failure(400, "Invalid date");
  return String(at / 1000);
}

function completed(category: string, fields: readonly Field[]): Field[] {
  const always = builtIn[category] ?? [];
  const isAbout = (field: Field, standard: Field) =>
    field.id === standard.id || (standard.purpose !== undefined && field.purpose === standard.purpose);
  const own = fields.filter((field) => !always.some((standard) => isAbout(field, standard)));
  return [...always.map((standard) => ({ ...standard, ...fields.find((field) => isAbout(field, standard)) })), ...own];
}
