// Takes back, for a test, that the program's debug messages are muted: what is put in their place later is passed over.
const path = require("node:path");

if (process.argv[1]?.includes(path.join("@pulumi", "pulumi", "cmd", "run"))) {
  const log = require("@pulumi/pulumi/log");
  const { debug } = log;
  Object.defineProperty(log, "debug", { get: () => debug, set() {} });
}
