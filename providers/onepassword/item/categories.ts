import type { ItemInputs } from "./inputs";

/** A field that comes with a category, and the property that declares its value. */
export interface BuiltIn {
  readonly property: BuiltInProperty;
  /** A fixed word, the same in every item of the category. */
  readonly id: string;
  readonly label: string;
  readonly type: string;
  readonly purpose?: "USERNAME" | "PASSWORD" | "NOTES";
}

/** Properties of an item that are the value of one field each. */
export type BuiltInProperty = keyof Pick<
  ItemInputs,
  | "credential"
  | "database"
  | "expiresAt"
  | "hostname"
  | "noteValue"
  | "password"
  | "port"
  | "type"
  | "username"
  | "validFrom"
>;

const text = (property: BuiltInProperty): BuiltIn => ({ property, id: property, label: property, type: "STRING" });
const notes = {
  property: "noteValue",
  id: "notesPlain",
  label: "notesPlain",
  type: "STRING",
  purpose: "NOTES",
} as const;
const password = { property: "password", id: "password", label: "password", type: "CONCEALED" } as const;

/** The categories that can be made, by their declared name, with the fields that come with each. */
export const categories: Readonly<Record<string, readonly BuiltIn[]>> = {
  login: [{ ...text("username"), purpose: "USERNAME" }, { ...password, purpose: "PASSWORD" }, notes],
  password: [{ ...password, purpose: "PASSWORD" }, notes],
  database: [
    text("username"),
    password,
    text("hostname"),
    text("database"),
    text("port"),
    { property: "type", id: "database_type", label: "type", type: "MENU" },
    notes,
  ],
  secure_note: [notes],
  api_credential: [
    text("username"),
    { property: "credential", id: "credential", label: "credential", type: "CONCEALED" },
    { property: "validFrom", id: "validFrom", label: "valid from", type: "DATE" },
    { property: "expiresAt", id: "expires", label: "expires", type: "DATE" },
    text("hostname"),
    notes,
  ],
};

/** Every property that is the value of one field, in any category. */
export const builtInProperties: readonly BuiltInProperty[] = [
  ...new Set(Object.values(categories).flatMap((fields) => fields.map(({ property }) => property))),
];
