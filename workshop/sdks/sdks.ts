// Writes sdks/*, the typed packages that the program imports, from each provider's schema.json.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type PackageName, packageFiles, packages, root } from "./package";

for (const name of Object.keys(packages) as PackageName[]) {
  const folder = join(root, "sdks", name);
  const files = packageFiles(name, JSON.parse(readFileSync(join(root, "providers", name, "schema.json"), "utf8")));
  mkdirSync(folder, { recursive: true });
  for (const stale of readdirSync(folder).filter((file) => file.endsWith(".ts") && !(file in files))) {
    rmSync(join(folder, stale));
  }
  for (const [file, content] of Object.entries(files)) {
    writeFileSync(join(folder, file), content);
  }
  console.log(`${packages[name]}: sdks/${name}/{${Object.keys(files).join(",")}}`);
}
