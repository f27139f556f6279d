const fs = require("node:fs");
const path = require("node:path");

/**
 * The folder in `node_modules/.cache` for what is made of the sources; undefined where none can be had that is ours alone.
 * What lies there is run with our credentials, so it is nothing that somebody else could have put there.
 */
exports.cache = (modules) => {
  const folder = path.join(modules, ".cache", "pat-rotation");
  try {
    // Where new files may be written by a whole group, it may be one that we made so ourselves.
    if (statOf(folder)?.uid === process.getuid?.() && !isOurs(folder))
      fs.rmSync(folder, { recursive: true, force: true });
    fs.mkdirSync(path.dirname(folder), { recursive: true });
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch {
    // Then there is none, or what is there has to do.
  }
  return isOurs(folder) ? folder : undefined;
};

/** Whether we may write into it. */
exports.isWritable = (folder) => {
  try {
    fs.accessSync(folder, fs.constants.W_OK);
    return true;
  } catch {
    return false;
  }
};

/** Whether it is a folder and no link, belongs to us or to the system's administrator, and nobody else may write into it. */
function isOurs(folder) {
  const stat = statOf(folder);
  if (stat?.isDirectory() !== true) return false;
  return process.getuid === undefined || ([0, process.getuid()].includes(stat.uid) && (stat.mode & 0o022) === 0);
}

function statOf(folder) {
  try {
    return fs.lstatSync(folder);
  } catch {
    return undefined;
  }
}
