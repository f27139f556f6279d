import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Document, isMap, isScalar, isSeq, type Node, parseDocument, Scalar, YAMLMap } from "yaml";
import { writeWhole } from "./files";
import type { Project } from "./project";
import { needsQuotes, plainScalar, type Scalar as ScalarValue, scalarText } from "./scalars";
import type { Crypter } from "./secrets";

/** Configuration as a program receives it. */
export interface ProgramConfig {
  /** By `<namespace>:<key>`; structured values as JSON. */
  readonly values: Readonly<Record<string, string>>;
  /** Those whose value is secret, wholly or in part. */
  readonly secretKeys: readonly string[];
}

/** `Pulumi.<stack>.yaml`. What was not changed is written back as it was, comments included. */
export class StackSettings {
  private constructor(
    /** Absolute. */
    readonly path: string,
    private readonly namespace: string,
    private readonly document: Document,
  ) {}

  /** Settings of a stack, empty when the file does not exist. `configFile` is `--config-file`. */
  static read(project: Project, stack: string, configFile?: string): StackSettings {
    const path =
      configFile === undefined ? join(project.stackConfigDirectory, `Pulumi.${stack}.yaml`) : resolve(configFile);
    if (configFile !== undefined && !existsSync(path))
      throw new Error(`the file ${path}, named by --config-file, does not exist`);
    // Every scalar is text here: what it means is settled by our own rules, which are the CLI's.
    const document = parseDocument(existsSync(path) ? readFileSync(path, "utf8") : "", { schema: "failsafe" });
    const [error] = document.errors;
    if (error) throw new Error(`${path} is not valid YAML: ${error.message}`);
    if (document.contents === null) document.contents = new YAMLMap() as unknown as typeof document.contents;
    if (!isMap(document.contents)) throw new Error(`${path} is not a mapping`);
    for (const key of ["environment", "secretsprovider", "encryptedkey"]) {
      const value = document.get(key);
      if (document.has(key) && !(key === "secretsprovider" && value === "passphrase")) {
        throw new Error(`${path}: the embedded engine does not support '${key}'; use the Pulumi CLI`);
      }
    }
    return new StackSettings(path, project.name, document);
  }

  /** `encryptionsalt`. */
  get salt(): string | undefined {
    const salt = this.document.get("encryptionsalt");
    return typeof salt === "string" && salt !== "" ? salt : undefined;
  }

  set salt(salt: string) {
    this.document.set("encryptionsalt", salt);
  }

  /** Whether any value is secret, so that a crypter is needed. */
  get hasSecrets(): boolean {
    return this.entries().some(([, node]) => holdsSecret(node));
  }

  /** Sets a value, encrypted when there is a crypter. Keys without a namespace get the project's. */
  set(key: string, value: string, crypter?: Crypter): void {
    this.remove(key);
    const node = crypter ? this.document.createNode({ secure: crypter.encrypt(value) }) : new Scalar(value);
    if (isScalar(node) && needsQuotes(value)) node.type = Scalar.QUOTE_DOUBLE;
    if (!isMap(this.document.get("config"))) this.document.set("config", new YAMLMap());
    this.document.setIn(["config", this.qualified(key)], node);
  }

  /** Removes a value, if it is there. */
  remove(key: string): void {
    const config = this.document.get("config");
    if (!isMap(config)) return;
    const wanted = this.qualified(key);
    config.items = config.items.filter((pair) => this.qualified(String(pair.key)) !== wanted);
  }

  /** The configuration for a program. Throws when a value is secret and there is no crypter. */
  config(crypter?: Crypter): ProgramConfig {
    const entries = this.entries();
    const values = entries.map(([key, node]) => {
      const value = plain(node, crypter);
      return [key, isStructure(value) ? structureText(value) : scalarText(value)] as const;
    });
    return {
      values: Object.fromEntries(values),
      secretKeys: entries.filter(([, node]) => holdsSecret(node)).map(([key]) => key),
    };
  }

  /** Writes the file. */
  async write(): Promise<void> {
    await writeWhole(this.path, this.document.toString({ lineWidth: 0 }));
  }

  private entries(): [key: string, node: Node | null][] {
    const config = this.document.get("config");
    if (config === undefined || config === null) return [];
    if (!isMap(config)) throw new Error(`${this.path}: config is not a mapping`);
    return config.items.map((pair) => [this.qualified(String(pair.key)), (pair.value ?? null) as Node | null]);
  }

  private qualified(key: string): string {
    const [namespace = "", ...rest] = key.split(":");
    if (rest.length === 0) return `${this.namespace}:${key}`;
    // The CLI's older form, which it still reads.
    return rest.length === 2 && rest[0] === "config" ? `${namespace}:${rest[1]}` : key;
  }
}

type Plain = ScalarValue | Plain[] | { [key: string]: Plain };

function isStructure(value: Plain): value is Plain[] | { [key: string]: Plain } {
  return typeof value === "object" && value !== null;
}

function secure(node: unknown): string | undefined {
  if (!isMap(node) || node.items.length !== 1) return undefined;
  const ciphertext = node.get("secure");
  return typeof ciphertext === "string" ? ciphertext : undefined;
}

function holdsSecret(node: unknown): boolean {
  if (isSeq(node)) return node.items.some(holdsSecret);
  if (!isMap(node)) return false;
  return secure(node) !== undefined || node.items.some((pair) => holdsSecret(pair.value));
}

function plain(node: unknown, crypter: Crypter | undefined): Plain {
  const ciphertext = secure(node);
  if (ciphertext !== undefined) {
    if (!crypter) throw new Error("a configuration value is secret and there is no passphrase to decrypt it with");
    return crypter.decrypt(ciphertext);
  }
  if (isSeq(node)) return node.items.map((item) => plain(item, crypter));
  if (isMap(node)) return Object.fromEntries(node.items.map((pair) => [String(pair.key), plain(pair.value, crypter)]));
  if (!isScalar(node)) return null;
  const text = String(node.value ?? "");
  return node.type === Scalar.PLAIN ? plainScalar(text) : text;
}

/** A structure as the CLI hands it on: Go's JSON, with names in order and without what is special in HTML. */
function structureText(value: Plain): string {
  const text = JSON.stringify(value, (_key, inner: unknown) => {
    // Inside structures the CLI makes floating-point numbers of those beyond 64 bits; JSON has no others here.
    if (typeof inner === "bigint") return Number(inner);
    if (typeof inner !== "object" || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)));
  });
  return text.replace(/[<>&\u2028\u2029]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
