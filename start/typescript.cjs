// Has Node.js run TypeScript: `node --require ./start/typescript.cjs <file>`. tsx keeps what it made of each source
// in the system's temporary folder, under a name that everybody can foresee, and runs what it finds there, whoever put it
// there: it gets a folder of our own instead, and where there is none it keeps nothing.
require("./loopback.cjs");
const path = require("node:path");
const { cache, isWritable } = require("./cache.cjs");

const folder = cache(path.resolve(__dirname, "../node_modules"));
const [name, value] = folder !== undefined && isWritable(folder) ? ["TMPDIR", folder] : ["TSX_DISABLE_CACHE", "1"];
const before = process.env[name];
process.env[name] = value;
require("tsx/cjs");
if (before === undefined) delete process.env[name];
else process.env[name] = before;
