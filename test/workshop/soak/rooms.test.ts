import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(__dirname, "../../..");
const rooms = [
  "start",
  "ground",
  "contract",
  "rotation",
  "settings",
  "reports",
  "components",
  "program",
  "clients",
  "providers",
  "engines",
  "commands",
  "sdks",
];

test("nothing of the product imports the workshop", () => {
  const files = rooms.flatMap((room) =>
    readdirSync(join(root, room), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(ts|cjs|mjs)$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  const importers = [join(root, "index.ts"), ...files].filter((file) =>
    /(?:from|require\(|import\() ?["'](?:\.\.?\/)+workshop\b/.test(readFileSync(file, "utf8")),
  );
  expect(importers).toEqual([]);
});
