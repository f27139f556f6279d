const path = require("node:path");
const { run } = require("./bundle.cjs");
require("./loopback.cjs");

/** Runs the provider in `folder`: its `main.ts`; packages that are `external` are loaded as they are. */
exports.launch = (folder, external = []) => {
  const name = path.basename(folder);
  // Waits for a debugger on this machine: CONTRIBUTING.md.
  if (process.env.PAT_ROTATION_INSPECT === name) require("node:inspector").open(9229, "127.0.0.1", true);
  run(path.join(folder, "main.ts"), { name, folder, external });
};
