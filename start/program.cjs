// Loaded before the program, by `nodeargs` in Pulumi.yaml.
require("./loopback.cjs");
require("./lazy.cjs");
require("./quiet.cjs");
require("./lean.cjs");
