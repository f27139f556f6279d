import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(__dirname, "../..");
const inside = (folder: string) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((name) => `${folder}/${name}`);
const files = [...inside("rotation"), ...inside("places").filter((name) => /\/(?:kind|declared)\.ts$/.test(name))]
  .filter((name) => name.endsWith(".ts"))
  .map((name) => ({ name, text: readFileSync(join(root, name), "utf8") }));
const own = /^(?:\.{1,2}\/)+(?:(?:rotation|ground|contract\/types|contract|places(?:\/[a-z]+)?)\/)?[a-zA-Z/]+$/;

test("decisions, and places as they are declared, import each other, the ground, contract and zod, and nothing else", () => {
  const foreign = files.flatMap(({ name, text }) =>
    [...text.matchAll(/from "([^"]+)"|\b(?:require|import)\(/g)]
      .map(([, from]) => from ?? "a call")
      .filter((from) => !own.test(from) && from !== "zod")
      .map((from) => `${name} imports ${from}`),
  );
  expect(foreign).toEqual([]);
});

test("they read no clock, no environment and no chance", () => {
  const used = files.filter(({ text }) => /\bDate\b\s*[.(]|new Date|process\.|Math\.random|performance\./.test(text));
  expect(used.map(({ name }) => name)).toEqual([]);
});
