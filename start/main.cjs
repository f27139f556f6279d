const path = require("node:path");
const { run } = require("./bundle.cjs");

/** The program, index.ts, for the SDK, which loads a program that is plain JavaScript without a compiler. */
const folder = path.resolve(__dirname, "..");
module.exports = run(path.join(folder, "index.ts"), {
  name: "program",
  folder,
  // The SDK's own starter has loaded it: one of another copy would know nothing of the run.
  external: ["@pulumi/pulumi"],
});
