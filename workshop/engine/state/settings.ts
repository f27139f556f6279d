import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Document, isMap, parseDocument } from "yaml";
import { faultText } from "../../../rotation/declaration/faults";
import { configurationOf, qualified, stackPath } from "../../../settings/pulumi/configuration";
import { readPulumiFile } from "../../../settings/pulumi/document";
import { holdsSecret, textOf } from "../../../settings/pulumi/texts";
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
  readonly #project: Project;
  readonly #document: Document;

  /** `configFile` is `--config-file`. */
  constructor(project: Project, stack: string, configFile?: string) {
    this.path = resolve(configFile ?? join(project.directory, stackPath(project.settings, stack)));
    this.#project = project;
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

  /** The configuration for a program: read by the rules of the CLI, as every command reads it. */
  config(crypter: () => Crypter): ProgramConfig {
    const { entries, refused, unsure } = configurationOf(
      this.#project.settings,
      readPulumiFile(this.path, this.#document.toString()),
    );
    const faults = [...refused, ...unsure].map((one) => `${one.file}: ${faultText(one)}`);
    if (faults.length > 0) throw new Error(`the configuration cannot be used:\n${faults.join("\n")}`);
    const decrypt = (ciphertext: string) => crypter().decrypt(ciphertext);
    const values = [...entries].map(([name, entry]) => [name, textOf(entry.value, { ...entry, decrypt })]);
    const secretKeys = [...entries].filter(([, { value }]) => holdsSecret(value)).map(([name]) => name);
    return { values: Object.fromEntries(values), secretKeys };
  }

  /** Writes the file. */
  async write(): Promise<void> {
    await writeWhole(this.path, this.#document.toString({ lineWidth: 0 }));
  }

  #qualified(key: string): string {
    return qualified(this.#project.settings, key) ?? key;
  }
}
