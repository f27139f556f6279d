import { downloadURL, type PropertySchema, version } from "../../contract/form/package";
import stack from "../../settings/schema/stack.json";

/** A part of the JSON Schema of the settings. */
interface Setting {
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly anyOf?: readonly Setting[];
  readonly else?: Setting;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Setting>>;
  readonly required?: readonly string[];
  readonly items?: Setting;
  readonly $ref?: string;
}

interface ObjectType {
  readonly type: "object";
  readonly description: string;
  readonly properties: Readonly<Record<string, PropertySchema>>;
  readonly required: readonly string[];
}

/** What the name of a type cannot be made of by leaving out an "s". */
const singular: Readonly<Record<string, string>> = {
  freezes: "Freeze",
  retries: "Retry",
  account: "ServiceAccount",
  accounts: "Declaration",
};

const definitions = stack.definitions as unknown as Readonly<Record<string, Setting>>;
const types: Record<string, ObjectType> = {};

/** A setting as Pulumi describes a property; the objects in it become types of the package. */
function property(setting: Setting, name: string, of: string): PropertySchema {
  const { description, ...form } = resolved(setting);
  const words = description === undefined ? {} : { description: [description, values(form)].filter(Boolean).join(" ") };
  return { ...words, ...shape(form, name, of, description ?? "") };
}

function shape(form: Setting, name: string, of: string, description: string): PropertySchema {
  const type = [form.type].flat()[0];
  if (form.properties !== undefined) return { $ref: `#/types/${typeOf(form, name, of, description)}` };
  if (type === "array") return { type, items: shape(resolved(form.items ?? {}), name, of, description) };
  if (type !== "string" && type !== "integer" && type !== "boolean" && type !== "number")
    throw new Error(`Describing "${name}" of ${of || "the stack"}: a ${type} has no place in a package.`);
  return { type };
}

/** One of several forms: the others are what a stack's file may have in its place, a text above all. */
function resolved({ $ref, ...setting }: Setting): Setting {
  const { description } = setting;
  const whole =
    $ref === undefined ? setting : { ...resolved(definitions[$ref.split("/").at(-1) ?? ""] ?? {}), ...setting };
  const first = whole.else ?? whole.anyOf?.[0];
  const form = first === undefined ? whole : { ...whole, ...resolved(first) };
  const said = description ?? whole.description;
  return said === undefined ? form : { ...form, description: said };
}

function values({ enum: all }: Setting): string {
  return all === undefined ? "" : `One of ${all.map((one) => `\`${one}\``).join(", ")}.`;
}

function typeOf(form: Setting, name: string, of: string, description: string): string {
  const word = singular[name] ?? name.charAt(0).toUpperCase() + name.slice(1).replace(/s$/, "");
  // A type says whose it is, where it is not an account's or the stack's.
  const token = `pat-rotation:index:${["Declaration", "stack"].includes(of) ? "" : of}${word}`;
  types[token] ??= {
    type: "object",
    description: description || `One of "${name}".`,
    properties: inputs(form, token.split(":").at(-1) ?? ""),
    required: form.required ?? [],
  };
  return token;
}

function inputs({ properties = {} }: Setting, of: string): Record<string, PropertySchema> {
  return Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, property(one, name, of)]));
}

const { name: _named, ...ofAccount } = inputs(definitions.account ?? {}, "Declaration");
const setting = (name: string) => property(definitions[name] ?? {}, name, "stack");
const ofStack = { fleet: setting("fleet"), freezes: setting("freezes"), health: setting("health") };

const ofRotations = {
  ...ofStack,
  maxRotationsPerRun: setting("maxRotationsPerRun"),
  accounts: setting("accounts"),
};

const state: ObjectType = {
  type: "object",
  description: "How an account stands after the run. Dates only: nothing that changes by itself from day to day.",
  properties: {
    generation: { type: "string", description: "The generation whose token the places hold." },
    expiresAt: { type: "string", description: "The day on which that token dies, at 00:00 UTC." },
    tokenId: { type: "integer", description: "GitLab's id of that token." },
    held: { type: "array", items: { type: "string" }, description: "Older tokens that still live, and why." },
    consumers: { type: "array", items: { type: "string" }, description: "Where the token is stored." },
    proofs: { type: "array", items: { type: "string" }, description: "The pipelines that proved it." },
    provedAt: { type: "string", description: "When they had passed, an instant; absent while the proof is running." },
  },
  required: [],
};

/** Pulumi's schema of the package: its inputs are made of what reads a stack's settings. */
export const schema = {
  name: "pat-rotation",
  version,
  displayName: "GitLab PAT rotation",
  description:
    "Rotates the personal access tokens of GitLab service accounts: minted before they expire, proven by the pipelines that depend on them, revoked only then.",
  publisher: "pat-rotation",
  license: "UNLICENSED",
  ...(downloadURL === undefined ? {} : { pluginDownloadURL: downloadURL }),
  language: {
    nodejs: { packageName: "@pulumi/pat-rotation", respectSchemaVersion: true },
    python: { packageName: "pulumi_pat_rotation", respectSchemaVersion: true, pyproject: { enabled: true } },
    go: {
      importBasePath: "pat-rotation.local/pat-rotation/sdk/go/patrotation",
      rootPackageName: "patrotation",
      respectSchemaVersion: true,
    },
  },
  types: { ...types, "pat-rotation:index:AccountState": state },
  resources: {
    "pat-rotation:index:Account": {
      isComponent: true,
      description:
        "One account, named as the resource is: a token per generation, its test, its places, the pipelines that prove it, the retirement of the one before. Accounts that share a place belong into one `Rotations`.",
      inputProperties: { ...ofStack, ...ofAccount },
      requiredInputs: ["fleet", ...(definitions.account?.required ?? []).filter((one) => one !== "name")],
      properties: {
        state: { $ref: "#/types/pat-rotation:index:AccountState", description: state.description },
        fault: { type: "string", description: "What stopped it, in words; empty when nothing did." },
      },
      required: ["fault"],
    },
    "pat-rotation:index:Rotations": {
      isComponent: true,
      description: "All accounts of a declaration, each as an `Account` below this one.",
      inputProperties: ofRotations,
      requiredInputs: ["fleet", "accounts"],
      properties: {
        rotations: {
          type: "object",
          additionalProperties: { $ref: "pulumi.json#/Any" },
          description: "How each account stands after the run, by their names.",
        },
      },
      required: ["rotations"],
    },
  },
};
