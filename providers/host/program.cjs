// Loaded before the program, by `nodeargs` in Pulumi.yaml. The Pulumi SDK's ts-node keeps what it made of each source in the
// system's temporary folder, under a name that everybody can foresee, and runs what it finds there, whoever put it there: it
// gets a folder of our own instead, and where there is none it keeps nothing.
const path = require("node:path");
const { cache, isWritable } = require("./cache.cjs");

const folder = cache(path.resolve(__dirname, "../../node_modules"));
if (folder !== undefined && isWritable(folder)) process.env.TS_NODE_CACHE_DIRECTORY = path.join(folder, "program");
else process.env.TS_NODE_CACHE = "false";
