/** Encrypts and decrypts the secrets of one stack. */
export interface Crypter {
  /** What goes to `encryptionsalt` in the stack's settings and to `secrets_providers` in its state. */
  readonly salt: string;
  encrypt(plaintext: string): string;
  /** Throws when the text was not encrypted by this crypter. */
  decrypt(ciphertext: string): string;
}

/** The passphrase from `PULUMI_CONFIG_PASSPHRASE` or the file named by `PULUMI_CONFIG_PASSPHRASE_FILE`; throws when neither is set. */
export declare function passphrase(environment: NodeJS.ProcessEnv): string;

/** A crypter with a new salt, for a new stack. */
export declare function newCrypter(phrase: string): Promise<Crypter>;

/** The crypter that belongs to a salt; throws when the passphrase is another one. */
export declare function openCrypter(phrase: string, salt: string): Promise<Crypter>;
