import {
  type OperationType,
  type ResourceState,
  secretSignature,
  signatureKey,
  type Value,
  type Values,
} from "./deployment";
import type { Crypter } from "./secrets";

/** A resource as it stands in the file, and what a reader must know to understand it. */
export interface Stored {
  readonly text: string;
  readonly features: readonly string[];
}

/** An operation in flight as it stands in the file. */
export interface StoredOperation {
  readonly type: OperationType;
  readonly resource: Stored;
}

/** Turns resources into the text of a deployment and back. Secrets are text only when encrypted. */
export class Serializer {
  // A secret that has not changed keeps its ciphertext, and is not encrypted again at every write.
  private readonly ciphertexts = new WeakMap<object, string>();

  constructor(private readonly crypter: Crypter) {}

  /** The resource in the file. */
  store(resource: ResourceState): Stored {
    const { inputs, outputs } = resource;
    const document: Record<string, unknown> = {};
    for (const key of fieldOrder) document[key] = resource[key];
    // Fields that this engine does not know are the CLI's: kept as they came.
    for (const [key, value] of Object.entries({ ...document, ...resource })) {
      document[key] = key === "urn" || key === "custom" || key === "type" || !isEmpty(value) ? value : undefined;
    }
    if (inputs && document.inputs) document.inputs = this.encrypt(inputs);
    if (outputs && document.outputs) document.outputs = this.encrypt(outputs);
    return stored(document);
  }

  /** The resource of the file. */
  restore(text: string): ResourceState {
    const resource = JSON.parse(text) as ResourceState;
    const { inputs, outputs } = resource;
    return {
      ...resource,
      ...(inputs && { inputs: this.decrypt(inputs) as Values }),
      ...(outputs && { outputs: this.decrypt(outputs) as Values }),
    };
  }

  private encrypt(value: Value): Value {
    if (Array.isArray(value)) return value.map((item) => this.encrypt(item));
    if (!isObject(value)) return value;
    const mark = value[signatureKey];
    if (mark === outputSignature) return this.encrypt(ofOutput(value));
    if (mark === secretSignature) return { [signatureKey]: secretSignature, ciphertext: this.ciphertext(value) };
    return mapValues(value, (item) => this.encrypt(item));
  }

  private ciphertext(secret: { readonly [key: string]: Value }): string {
    const known = this.ciphertexts.get(secret);
    if (known !== undefined) return known;
    const text = this.crypter.encrypt(JSON.stringify(unwrap(secret.value ?? null)));
    this.ciphertexts.set(secret, text);
    return text;
  }

  private decrypt(value: Value, inSecret = false): Value {
    if (Array.isArray(value)) return value.map((item) => this.decrypt(item, inSecret));
    if (!isObject(value)) return value;
    if (value[signatureKey] !== secretSignature) return mapValues(value, (item) => this.decrypt(item, inSecret));
    const { ciphertext, plaintext } = value;
    const encrypted = typeof ciphertext === "string" && !inSecret;
    const text = encrypted ? this.crypter.decrypt(ciphertext) : String(ciphertext ?? plaintext);
    const secret = { [signatureKey]: secretSignature, value: this.decrypt(JSON.parse(text) as Value, true) };
    if (encrypted) this.ciphertexts.set(secret, ciphertext);
    return secret;
  }
}

/** A resource of the file with the features that it uses: deployments with any are marked version 4. */
export function stored(document: unknown): Stored {
  const resource = document as ResourceState;
  const features: string[] = [];
  if (resource.refreshBeforeUpdate) features.push("refreshBeforeUpdate");
  if (resource.viewOf) features.push("views");
  if (resource.resourceHooks && Object.keys(resource.resourceHooks).length > 0) features.push("hooks");
  if (resource.taint) features.push("taint");
  if (resource.replaceWith && resource.replaceWith.length > 0) features.push("replaceWith");
  return { text: JSON.stringify(document), features };
}

const outputSignature = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

// The order in which the CLI writes them, so that two states can be compared with the naked eye.
const fieldOrder = [
  "urn",
  "custom",
  "delete",
  "id",
  "type",
  "inputs",
  "outputs",
  "parent",
  "protect",
  "taint",
  "external",
  "dependencies",
  "initErrors",
  "provider",
  "propertyDependencies",
  "pendingReplacement",
  "additionalSecretOutputs",
  "aliases",
  "customTimeouts",
  "importID",
  "retainOnDelete",
  "deletedWith",
  "replaceWith",
  "created",
  "modified",
  "sourcePosition",
  "stackTrace",
] as const satisfies readonly (keyof ResourceState)[];

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === "" || value === 0) return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

function isObject(value: Value | undefined): value is { readonly [key: string]: Value } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function mapValues(value: { readonly [key: string]: Value }, change: (item: Value) => Value): Values {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, change(item)]));
}

/** What an output value amounts to once its dependencies are forgotten. */
function ofOutput(output: { readonly [key: string]: Value }): Value {
  const value = "value" in output ? (output.value ?? null) : unknownValue;
  return output.secret === true ? { [signatureKey]: secretSignature, value } : value;
}

/** A secret inside a secret needs no encryption of its own, but stays marked: the CLI stores it with its text. */
function unwrap(value: Value): Value {
  if (Array.isArray(value)) return value.map(unwrap);
  if (!isObject(value)) return value;
  if (value[signatureKey] === outputSignature) return unwrap(ofOutput(value));
  if (value[signatureKey] !== secretSignature) return mapValues(value, unwrap);
  return { [signatureKey]: secretSignature, ciphertext: JSON.stringify(unwrap(value.value ?? null)) };
}
