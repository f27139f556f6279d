// Writes settings/schema/*, by which editors complete and check the files of a declaration.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { schemaFiles } from "./files";

for (const [path, text] of Object.entries(schemaFiles())) {
  writeFileSync(join(__dirname, "../..", path), text);
  console.log(path);
}
