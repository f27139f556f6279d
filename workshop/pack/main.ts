import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { pack } from "./pack";

const { values } = parseArgs({ options: { out: { type: "string", default: "dist" }, url: { type: "string" } } });
pack(resolve(values.out), values.url).then(
  (files) => void process.stdout.write(files.map((file) => `${values.out}/${file}\n`).join("")),
  (error: unknown) => {
    process.stderr.write(`Packing the plugins: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
