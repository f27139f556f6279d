import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const folder = join(__dirname, "../../reports");
const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => ({ name, text: readFileSync(join(folder, name), "utf8") }));

test("reports import their own files, the decisions, and what hashes and colours", () => {
  const foreign = files.flatMap(({ name, text }) =>
    [...text.matchAll(/from "([^"]+)"|\b(?:require|import)\(/g)]
      .map(([, from]) => from ?? "a call")
      .filter((from) => !/^(?:\.{1,2}\/|\.\.\/\.\.\/(?:rotation|ground)\/)[a-zA-Z/]+$/.test(from))
      .filter((from) => from !== "node:crypto" && from !== "node:util")
      .map((from) => `${name} imports ${from}`),
  );
  expect(foreign).toEqual([]);
});

test("reports read no clock, no environment, no file and no chance", () => {
  const used = files.filter(({ text }) =>
    /\bDate\b\s*[.(]|new Date|process\.|Math\.random|performance\.|node:fs|fetch\(/.test(text),
  );
  expect(used.map(({ name }) => name)).toEqual([]);
});
