import { createCipheriv, createDecipheriv, pbkdf2Sync, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { isSecret } from "../values";
import { secretSignature, signatureKey } from "./deployment";

const algorithm = "aes-256-gcm";
const tagLength = 16;

/** Encrypts and decrypts the secrets of one stack. */
export class Crypter {
  readonly #key: Buffer;
  /** What goes to `encryptionsalt` in the stack's settings and to `secrets_providers` in its state. */
  readonly salt: string;

  /** Takes a moment. Makes a salt when there is none; throws when there is one and the passphrase is not that of the salt. */
  constructor(phrase: string, salt?: string) {
    const form = /^v1:(?<bytes>[^:]+):(?<proof>v1:[^:]+:[^:]+)$/;
    const { bytes, proof } = form.exec(salt ?? "")?.groups ?? { bytes: randomBytes(8).toString("base64") };
    if (salt !== undefined && proof === undefined)
      throw new Error(`encryption salt ${JSON.stringify(salt)} is not of the form "v1:<salt>:v1:<nonce>:<text>"`);
    this.#key = pbkdf2Sync(phrase, Buffer.from(bytes ?? "", "base64"), 1_000_000, 32, "sha256");
    // The encrypted word lets a wrong passphrase be told apart before anything is read or written with it.
    this.salt = salt ?? `v1:${bytes}:${this.encrypt("pulumi")}`;
    try {
      if (proof !== undefined) this.decrypt(proof);
    } catch (cause) {
      throw new Error("incorrect passphrase", { cause });
    }
  }

  /** A text as it is stored. */
  encrypt(plaintext: string): string {
    const nonce = randomBytes(12);
    const cipher = createCipheriv(algorithm, this.#key, nonce);
    const text = Buffer.concat([cipher.update(plaintext, "utf8"), cipher.final(), cipher.getAuthTag()]);
    return `v1:${nonce.toString("base64")}:${text.toString("base64")}`;
  }

  /** Throws when the text was not encrypted by this crypter. */
  decrypt(ciphertext: string): string {
    const [, nonce = "", encoded = ""] = /^v1:([^:]+):([^:]+)$/.exec(ciphertext) ?? [];
    const sealed = Buffer.from(encoded, "base64");
    try {
      const decipher = createDecipheriv(algorithm, this.#key, Buffer.from(nonce, "base64"));
      decipher.setAuthTag(sealed.subarray(-tagLength));
      return decipher.update(sealed.subarray(0, -tagLength), undefined, "utf8") + decipher.final("utf8");
    } catch {
      throw new Error("a secret cannot be decrypted: it was encrypted with another passphrase, or is damaged");
    }
  }
}

/** The passphrase from `PULUMI_CONFIG_PASSPHRASE` or the file named by `PULUMI_CONFIG_PASSPHRASE_FILE`; throws when neither is set. */
export function passphrase(environment: NodeJS.ProcessEnv): string {
  const { PULUMI_CONFIG_PASSPHRASE: phrase, PULUMI_CONFIG_PASSPHRASE_FILE: file } = environment;
  if (phrase !== undefined) return phrase;
  if (file) return readFileSync(file, "utf8").trim();
  throw new Error(
    "passphrase must be set with PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE environment variables",
  );
}

const secretOf = (fields: object) => ({ [signatureKey]: secretSignature, ...fields });

/** Turns what a state holds into JSON and back. Secrets are text only when encrypted; without a crypter they stay so. */
export class Serializer {
  // A secret that is not changed keeps its text.
  readonly #ciphertexts = new WeakMap<object, unknown>();

  constructor(private readonly crypter?: Crypter) {}

  /** Reads JSON. */
  parse(text: string): unknown {
    return JSON.parse(text, (_key, item: unknown) => {
      if (!this.crypter || !isSecret(item)) return item;
      const secret = opened(this.crypter.decrypt(String(item.ciphertext)));
      this.#ciphertexts.set(secret, item.ciphertext);
      return secret;
    });
  }

  /** Writes JSON. */
  stringify(value: object): string {
    return JSON.stringify(value, (_key, item: unknown) => {
      if (!isSecret(item)) return item;
      const ciphertext = item.ciphertext ?? this.#ciphertexts.get(item) ?? this.crypter?.encrypt(sealed(item));
      if (ciphertext === undefined)
        throw new Error("a secret in plain text is never stored: export the stack without --show-secrets");
      this.#ciphertexts.set(item, ciphertext);
      return secretOf({ ciphertext });
    });
  }
}

// A secret inside a secret needs no encryption of its own, but stays marked: the CLI stores it with its text.
const sealed = ({ value = null }: { readonly value?: unknown }): string =>
  JSON.stringify(value, (_key, item: unknown) => (isSecret(item) ? secretOf({ ciphertext: sealed(item) }) : item));

const opened = (text: string): object =>
  secretOf({ value: JSON.parse(text, (_key, item) => (isSecret(item) ? opened(String(item.ciphertext)) : item)) });
