// Installs the locked dependencies when they are missing or older than the lockfile, so that one command is enough on a
// fresh machine. Plain JavaScript on purpose: it runs before anything is installed.
const { spawnSync } = require("node:child_process");
const { existsSync, statSync } = require("node:fs");
const { join, resolve } = require("node:path");

/** Ends the process where that cannot be done. */
exports.install = (root = resolve(__dirname, "..")) => {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    console.error(
      `Node.js 22 or later is needed (20.19 does as well); this is ${process.versions.node}. Install a newer one and run again.`,
    );
    process.exit(1);
  }
  const installed = join(root, "node_modules/.package-lock.json");
  // Of two installations at once, the one that fails takes the commands away again, and leaves the list of the other.
  const isDone = existsSync(installed) && existsSync(join(root, "node_modules/.bin/tsx"));
  if (isDone && statSync(installed).mtimeMs >= statSync(join(root, "package-lock.json")).mtimeMs) return;
  console.error("Installing the locked dependencies (npm ci) …");
  const npm = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32",
  });
  if (npm.status === 0) return;
  console.error("npm ci failed: see the lines above. Is the npm registry reachable from here?");
  process.exit(npm.status ?? 1);
};

if (require.main === module) exports.install();
