import { expect, test } from "vitest";
import { holdsCredential, withoutCredentials } from "../../ground/credential";

// Put together here: what scans a repository for tokens is to find none.
const body = "a1B2".repeat(5);
const token = ["glpat", body].join("-");
const jwt = [`ey${"Jhb"}GciOiJFUzI1NiJ9`, "eyJzdWIiOiJ4In0", body].join(".");

test.each([
  ["a personal access token", token],
  ["a long one, with its parts", ["glpat", `${body}.01.${body}`].join("-")],
  ["one that was cut short", token.slice(0, 16)],
  ["a runner's", ["glrt", body].join("-")],
  ["a deploy token", ["gldt", body].join("-")],
  ["a 1Password service account's", `ops_${body}`],
  ["Connect's", jwt],
  ["GitHub's", `ghp_${body}${body}`],
  ["Pulumi's", `pul-${"0a".repeat(20)}`],
  ["a key", ["-----BEGIN", "RSA PRIVATE KEY-----"].join(" ")],
  ["a password in an address", `https://user:${body}@gitlab.example.com`],
  ["one in base64", Buffer.from(token).toString("base64")],
])("%s is taken for a credential, also inside of a text, and blotted out", (_, credential) => {
  expect(holdsCredential(`it is ${credential}, keep it`)).toBe(true);
  const clean = withoutCredentials(`it is ${credential}, keep it`);
  expect(clean).toMatch(/^it is .*\[what looks like a credential\].*, keep it$/);
  expect(clean).not.toContain(body.slice(0, 10));
});

test.each([
  "gl-security-inventory",
  "security/glossary-builder",
  "glab-inventory",
  "globetrotter-service",
  "GitLab Security Service - Architecture - Inventory",
  "ops_team",
  "https://gitlab.example.com:8443/a/b@c",
  "2026-11-23.2",
  "kliu2gnnxbsf3lzwlrd4seelkl",
  "@security/architecture",
  "glpat-",
])('"%s" is none', (text) => {
  expect(holdsCredential(text)).toBe(false);
  expect(withoutCredentials(text)).toBe(text);
});
