import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const folder = join(__dirname, "../../rotation");
const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => ({ name, text: readFileSync(join(folder, name), "utf8") }));

test("rotation imports its own files, the ground and zod, and nothing else", () => {
  const foreign = files.flatMap(({ name, text }) =>
    [...text.matchAll(/from "([^"]+)"|\b(?:require|import)\(/g)]
      .map(([, from]) => from ?? "a call")
      .filter((from) => !/^(?:\.{1,2}\/|(?:\.\.\/)+ground\/)[a-zA-Z/]+$/.test(from) && from !== "zod")
      .map((from) => `${name} imports ${from}`),
  );
  expect(foreign).toEqual([]);
});

test("rotation reads no clock, no environment and no chance", () => {
  const used = files.filter(({ text }) => /\bDate\b\s*[.(]|new Date|process\.|Math\.random|performance\./.test(text));
  expect(used.map(({ name }) => name)).toEqual([]);
});
