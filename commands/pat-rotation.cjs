#!/usr/bin/env node
// `npx pat-rotation <command>`: the one command line. Its sources are bundled once, as the providers' are: what only tells how it
// is used then starts in a fraction of a second.
const path = require("node:path");
require("./install.cjs").install();
const { run } = require("../start/bundle.cjs");

run(path.join(__dirname, "main.ts"), { name: "commands", folder: __dirname });
