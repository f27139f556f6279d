import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Document, isMap, parseDocument, type ScalarTag, type SchemaOptions, visit } from "yaml";
import { Refused } from "../wire";
import type { Project } from "./project";
import type { Crypter } from "./secrets";
import { writeWhole } from "./stateFile";

/** Configuration as a program receives it. */
export interface ProgramConfig {
  /** By `<namespace>:<key>`; structured values as JSON. */
  readonly values: Readonly<Record<string, string>>;
  /** Those whose value is secret, wholly or in part. */
  readonly secretKeys: readonly string[];
}

/** `Pulumi.<stack>.yaml`, empty when there is none. What was not changed is written back as it was, comments included. */
export class StackSettings {
  /** Absolute. */
  readonly path: string;
  readonly #namespace: string;
  readonly #document: Document;

  /** `configFile` is `--config-file`. */
  constructor(project: Project, stack: string, configFile?: string) {
    this.path = resolve(configFile ?? join(project.directory, `Pulumi.${stack}.yaml`));
    this.#namespace = project.name;
    if (configFile !== undefined && !existsSync(this.path))
      throw new Error(`the file ${this.path}, named by --config-file, does not exist`);
    // As text alone, so that nothing is written back otherwise than it was read.
    const text = existsSync(this.path) ? readFileSync(this.path, "utf8") : "";
    const document: Document = parseDocument(text, { schema: "failsafe" });
    document.contents ??= document.createNode({});
    const [error] = document.errors;
    if (error || !isMap(document.contents)) throw new Error(`${this.path} is no YAML mapping. ${error?.message ?? ""}`);
    for (const key of ["environment", "secretsprovider", "encryptedkey"])
      if (document.has(key) && document.get(key) !== "passphrase") throw new Refused(`'${key}' in ${this.path}`);
    this.#document = document;
  }

  /** `encryptionsalt`. */
  get salt(): string | undefined {
    return (this.#document.get("encryptionsalt") as string | undefined) || undefined;
  }

  set salt(salt: string) {
    this.#document.set("encryptionsalt", salt);
  }

  /** Sets a secret value. Keys without a namespace get the project's. */
  set(key: string, ciphertext: string): void {
    const name = this.#qualified(key);
    const config = this.#document.get("config");
    if (isMap(config)) config.items = config.items.filter((pair) => this.#qualified(String(pair.key)) !== name);
    this.#document.setIn(["config", name], this.#document.createNode({ secure: ciphertext }));
  }

  /** The configuration for a program. */
  config(crypter: () => Crypter): ProgramConfig {
    const config: Record<string, unknown> = readAsTheCli(this.#document.toString())?.config ?? {};
    const values: Record<string, string> = {};
    const secretKeys = new Set<string>();
    for (const [key, found] of Object.entries(config)) {
      const name = this.#qualified(key);
      const value: unknown = JSON.parse(goJson(found), (_key, item) => {
        if (typeof item?.secure !== "string" || Object.keys(item).length > 1) return item;
        secretKeys.add(name);
        return crypter().decrypt(item.secure);
      });
      const isStructure = typeof value === "object" && value !== null;
      values[name] = isStructure ? goJson(value) : String((typeof found === "object" ? value : found) ?? "");
    }
    return { values, secretKeys: [...secretKeys] };
  }

  /** Writes the file. */
  async write(): Promise<void> {
    await writeWhole(this.path, this.#document.toString({ lineWidth: 0 }));
  }

  /** A key with its namespace: the project's, where it has none. */
  #qualified(key: string): string {
    const [namespace = "", ...rest] = key.split(":");
    if (rest.length === 0) return `${this.#namespace}:${key}`;
    // The CLI's older form, which it still reads.
    return rest.length === 2 && rest[0] === "config" ? `${namespace}:${rest[1]}` : key;
  }
}

/** A date is a moment to the CLI's reader of YAML, which programs receive as Go prints it: `2026-11-23 00:00:00 +0000 UTC`. */
const date: ScalarTag = {
  tag: "tag:yaml.org,2002:timestamp",
  default: true,
  test: /^\d{4}-\d{1,2}-\d{1,2}$/,
  resolve: (text) => {
    const [year = "", month = "", day = ""] = text.split("-").map((part) => part.padStart(2, "0"));
    const instant = new Date(`${year}-${month}-${day}T00:00:00Z`);
    // The thirty-first of February is no moment: the CLI leaves such text alone.
    return instant.getUTCDate() === Number(day) ? `${year}-${month}-${day} 00:00:00 +0000 UTC` : text;
  },
};

/** What the CLI reads by older rules, and nobody writes on purpose. */
const odd: ScalarTag = {
  tag: "tag:yaml.org,2002:odd",
  default: true,
  test: /^([-+]?(0\d+|0b[01]+|\d[\d.]*_[\d._]*|\.inf|\.nan)|\d{4}-\d\d?-\d\d?(T|[ \t]+)\d.*)$/i,
  resolve: (text) => {
    throw new Error(`the embedded engine does not support the unquoted value ${text}; quote it, or use the Pulumi CLI`);
  },
};

const asTheCli: SchemaOptions & { intAsBigInt: true } = {
  schema: "core",
  merge: true,
  intAsBigInt: true,
  customTags: (tags) => [date, odd, ...tags],
};

function readAsTheCli(text: string): { readonly config?: Record<string, unknown> } | null {
  const document = parseDocument(text, asTheCli);
  for (const error of document.errors) throw error;
  visit(document, {
    Scalar: (place, node) => {
      // To the CLI it merges in quotes as well.
      if (place === "key" && node.value === "<<") node.type = "PLAIN";
    },
  });
  return document.toJS();
}

/** JSON as Go writes it: names in order, what is special in HTML escaped. */
function goJson(value: unknown): string {
  const text = JSON.stringify(value ?? null, (_key, inner: unknown) => {
    if (typeof inner === "bigint") return Number(inner);
    if (typeof inner !== "object" || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)));
  });
  return text.replace(/[<>&\u2028\u2029]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
