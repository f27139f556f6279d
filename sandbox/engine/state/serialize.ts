import { secretSignature, signatureKey, type Value } from "./deployment";
import type { Crypter } from "./secrets";

interface Secret {
  readonly value?: Value;
  readonly ciphertext: string;
}

const isSecret = (item: unknown): item is Secret =>
  (item as Readonly<Record<string, unknown>> | null)?.[signatureKey] === secretSignature;

/** Turns what a state holds into JSON and back. Secrets are text only when encrypted; without a crypter they stay so. */
export class Serializer {
  // A secret that is not changed keeps its text.
  readonly #ciphertexts = new WeakMap<object, string>();

  constructor(private readonly crypter?: Crypter) {}

  /** Reads JSON. */
  parse(text: string): unknown {
    const { crypter } = this;
    if (crypter === undefined) return JSON.parse(text);
    return JSON.parse(text, (_key, item: unknown) => {
      if (!isSecret(item)) return item;
      const secret = opened(item, crypter.decrypt);
      this.#ciphertexts.set(secret, item.ciphertext);
      return secret;
    });
  }

  /** Writes JSON. */
  stringify(value: object): string {
    const { crypter } = this;
    return JSON.stringify(value, (_key, item: unknown) => {
      if (!isSecret(item)) return item;
      const ciphertext = crypter ? (this.#ciphertexts.get(item) ?? crypter.encrypt(sealed(item))) : item.ciphertext;
      if (!ciphertext)
        throw new Error("a secret in plain text is never stored: export the stack without --show-secrets");
      this.#ciphertexts.set(item, ciphertext);
      return { [signatureKey]: secretSignature, ciphertext };
    });
  }
}

// A secret inside a secret needs no encryption of its own, but stays marked: the CLI stores it with its text.
function sealed({ value = null }: Secret): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    isSecret(item) ? { [signatureKey]: secretSignature, ciphertext: sealed(item) } : item,
  );
}

function opened({ ciphertext }: Secret, decrypt = (text: string) => text): { readonly value: Value } {
  const value = JSON.parse(decrypt(ciphertext), (_key, item: unknown) => (isSecret(item) ? opened(item) : item));
  return { [signatureKey]: secretSignature, value } as { readonly value: Value };
}
