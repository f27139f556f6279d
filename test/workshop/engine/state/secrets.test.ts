import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Crypter, passphrase } from "../../../../workshop/engine/state/secrets";

test("what one crypter encrypts, another of the same salt and passphrase decrypts", async () => {
  const first = new Crypter("a phrase");
  const second = new Crypter("a phrase", first.salt);
  expect(second.decrypt(first.encrypt("geheim <é>"))).toBe("geheim <é>");
  expect(second.salt).toBe(first.salt);
});

test("the same text never gives the same ciphertext", async () => {
  const crypter = new Crypter("a phrase");
  expect(crypter.encrypt("x")).not.toBe(crypter.encrypt("x"));
});

test("a wrong passphrase is told before anything is decrypted", async () => {
  const { salt } = new Crypter("a phrase");
  expect(() => new Crypter("another", salt)).toThrow("incorrect passphrase");
});

test("a salt of another kind is refused", async () => {
  expect(() => new Crypter("a phrase", "v2:abc")).toThrow('encryption salt "v2:abc" is not of the form');
});

test("the passphrase comes from the variable, or from the file without its line end", () => {
  const file = join(mkdtempSync(join(tmpdir(), "passphrase-")), "phrase");
  writeFileSync(file, "from the file\n");
  expect(passphrase({ PULUMI_CONFIG_PASSPHRASE: "", PULUMI_CONFIG_PASSPHRASE_FILE: file })).toBe("");
  expect(passphrase({ PULUMI_CONFIG_PASSPHRASE_FILE: file })).toBe("from the file");
});

test("no passphrase at all is an error that names both variables", () => {
  expect(() => passphrase({})).toThrow(
    "passphrase must be set with PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE environment variables",
  );
});
