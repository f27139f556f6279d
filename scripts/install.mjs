// Installs the locked dependencies when they are missing or older than the lockfile, so that one command is enough on a
// fresh machine. Plain JavaScript on purpose: it runs before anything is installed.
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `Node.js 20.19 or later is needed; this is ${process.versions.node}. Install a newer one and run again.`,
  );
  process.exit(1);
}

const lock = "package-lock.json";
const installed = "node_modules/.package-lock.json";
// Of two installations at once, the one that fails takes the commands away again, and leaves the list of the other.
const isDone = existsSync(installed) && existsSync("node_modules/.bin/tsx");
const fresh = isDone && statSync(installed).mtimeMs >= statSync(lock).mtimeMs;
if (!fresh) {
  console.error("Installing the locked dependencies (npm ci) …");
  const npm = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32",
  });
  if (npm.status !== 0) {
    console.error("npm ci failed: see the lines above. Is the npm registry reachable from here?");
    process.exit(npm.status ?? 1);
  }
}
