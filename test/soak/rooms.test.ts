import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(__dirname, "../..");
const rooms = ["components", "providers", "reports", "rotation", "sandbox", "scripts", "sdks", "settings"];

test("nothing of the product, and nothing of the sandbox, imports the soak", () => {
  const files = rooms.flatMap((room) =>
    readdirSync(join(root, room), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(ts|cjs|mjs)$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  const importers = [join(root, "index.ts"), ...files].filter((file) =>
    /(?:from|require\(|import\() ?["'](?:\.\.?\/)+soak\b/.test(readFileSync(file, "utf8")),
  );
  expect(importers).toEqual([]);
});
