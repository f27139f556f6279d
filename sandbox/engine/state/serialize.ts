import { filled } from "../values";
import { type ResourceState, secretSignature, signatureKey, type Value, type Values } from "./deployment";
import type { Crypter } from "./secrets";

/** Turns resources into the text of a deployment and back. Secrets are text only when encrypted. */
export class Serializer {
  // A secret that has not changed keeps its ciphertext, and is not encrypted again at every write.
  readonly #ciphertexts = new WeakMap<object, string>();

  constructor(private readonly crypter: Crypter) {}

  /** The resource in the file. Empty fields are left out, as the CLI does. */
  store(resource: ResourceState): string {
    const { inputs, outputs } = resource;
    const secured = filled({ ...resource, inputs: this.#encrypt(inputs ?? {}), outputs: this.#encrypt(outputs ?? {}) });
    return JSON.stringify({ ...secured, custom: resource.custom });
  }

  /** The resource of the file. */
  restore(document: ResourceState): ResourceState {
    const { inputs, outputs } = document;
    return {
      ...document,
      ...(inputs && { inputs: this.#decrypt(inputs) as Values }),
      ...(outputs && { outputs: this.#decrypt(outputs) as Values }),
    };
  }

  #encrypt(value: Value, inSecret = false): Value {
    return map(value, (secret) => {
      const text = () => JSON.stringify(this.#encrypt(secret.value ?? null, true));
      // A secret inside a secret needs no encryption of its own, but stays marked: the CLI stores it with its text.
      const ciphertext = inSecret ? text() : (this.#ciphertexts.get(secret) ?? this.crypter.encrypt(text()));
      if (!inSecret) this.#ciphertexts.set(secret, ciphertext);
      return { [signatureKey]: secretSignature, ciphertext };
    });
  }

  #decrypt(value: Value, inSecret = false): Value {
    return map(value, ({ ciphertext, plaintext }) => {
      const encrypted = typeof ciphertext === "string" && !inSecret;
      const text = encrypted ? this.crypter.decrypt(ciphertext) : String(ciphertext ?? plaintext);
      const secret = { [signatureKey]: secretSignature, value: this.#decrypt(JSON.parse(text) as Value, true) };
      if (encrypted) this.#ciphertexts.set(secret, ciphertext);
      return secret;
    });
  }
}

function map(value: Value, ofSecret: (secret: Values) => Value): Value {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item: Value) => map(item, ofSecret));
  if ((value as Values)[signatureKey] === secretSignature) return ofSecret(value as Values);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, map(item as Value, ofSecret)]));
}
