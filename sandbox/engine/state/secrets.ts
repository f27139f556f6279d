import { createCipheriv, createDecipheriv, pbkdf2, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";

/** Encrypts and decrypts the secrets of one stack. */
export interface Crypter {
  /** What goes to `encryptionsalt` in the stack's settings and to `secrets_providers` in its state. */
  readonly salt: string;
  /** A text as it is stored. */
  encrypt(plaintext: string): string;
  /** Throws when the text was not encrypted by this crypter. */
  decrypt(ciphertext: string): string;
}

/** The passphrase is not the one that the stack was encrypted with, or there is none. */
export class PassphraseError extends Error {
  override readonly name = "PassphraseError";
}

/** The passphrase from `PULUMI_CONFIG_PASSPHRASE` or the file named by `PULUMI_CONFIG_PASSPHRASE_FILE`; throws when neither is set. */
export function passphrase({
  PULUMI_CONFIG_PASSPHRASE: phrase,
  PULUMI_CONFIG_PASSPHRASE_FILE: file,
}: NodeJS.ProcessEnv): string {
  if (phrase !== undefined) return phrase;
  if (file) return readFileSync(file, "utf8").trim();
  throw new PassphraseError(
    "passphrase must be set with PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE environment variables",
  );
}

/** A crypter with a new salt, for a new stack. */
export async function newCrypter(phrase: string): Promise<Crypter> {
  const bytes = randomBytes(8);
  const key = await derive(phrase, bytes);
  // The encrypted word lets a wrong passphrase be told apart before anything is read or written with it.
  return crypterOf(key, `v1:${bytes.toString("base64")}:${seal(key, proof)}`);
}

/** The crypter that belongs to a salt; throws when the passphrase is another one. */
export async function openCrypter(phrase: string, salt: string): Promise<Crypter> {
  const [, encoded, sealed] = /^v1:([^:]+):(v1:[^:]+:[^:]+)$/.exec(salt) ?? [];
  if (encoded === undefined || sealed === undefined)
    throw new PassphraseError(
      `encryption salt ${JSON.stringify(salt)} is not of the form "v1:<salt>:v1:<nonce>:<text>"`,
    );
  const key = await derive(phrase, Buffer.from(encoded, "base64"));
  try {
    if (unseal(key, sealed) === proof) return crypterOf(key, salt);
  } catch {
    // GCM says no more than "not authentic": with the right passphrase it would be.
  }
  throw new PassphraseError("incorrect passphrase");
}

const proof = "pulumi";
const algorithm = "aes-256-gcm";
const tagLength = 16;

const derive = (phrase: string, salt: Buffer) => promisify(pbkdf2)(phrase, salt, 1_000_000, 32, "sha256");

const crypterOf = (key: Buffer, salt: string): Crypter => ({
  salt,
  encrypt: (plaintext) => seal(key, plaintext),
  decrypt: (ciphertext) => unseal(key, ciphertext),
});

function seal(key: Buffer, plaintext: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv(algorithm, key, nonce);
  const text = Buffer.concat([cipher.update(plaintext, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return `v1:${nonce.toString("base64")}:${text.toString("base64")}`;
}

function unseal(key: Buffer, ciphertext: string): string {
  const [, nonce = "", encoded = ""] = /^v1:([^:]+):([^:]+)$/.exec(ciphertext) ?? [];
  const sealed = Buffer.from(encoded, "base64");
  try {
    const decipher = createDecipheriv(algorithm, key, Buffer.from(nonce, "base64"));
    decipher.setAuthTag(sealed.subarray(-tagLength));
    return decipher.update(sealed.subarray(0, -tagLength), undefined, "utf8") + decipher.final("utf8");
  } catch (cause) {
    throw new Error("a secret cannot be decrypted: it was encrypted with another passphrase, or is damaged", { cause });
  }
}
