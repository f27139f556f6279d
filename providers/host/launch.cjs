const { createHash } = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");
const { cache, isWritable } = require("./cache.cjs");

/**
 * Runs the provider in `folder`: its `main.ts`, bundled into one file, which starts in a quarter of the time. The bundle lies
 * in `node_modules/.cache`, and is made anew when a source or an installed package came there later; where it cannot be
 * written, or others could have written it, the sources run as they are.
 */
exports.launch = (folder) => {
  const modules = path.resolve(folder, "../../node_modules");
  // Copies of the project may share their packages: each has its own bundle.
  const place = createHash("sha256").update(folder).digest("hex").slice(0, 12);
  const own = cache(modules);
  const bundle = path.join(own ?? "", `${path.basename(folder)}-${place}.cjs`);
  const main = path.join(folder, "main.ts");
  const rooms = [path.dirname(folder), path.resolve(folder, "../../ground")];
  const sources = [...rooms, path.join(modules, ".package-lock.json")];
  if (own !== undefined && changedAt(bundle) > newest(sources)) {
    require(bundle);
  } else if (own !== undefined && isWritable(own)) {
    build(main, bundle);
    require(bundle);
  } else {
    require("./typescript.cjs");
    require(main);
  }
};

function build(main, bundle) {
  // The bundle is as old as the moment before its sources were read: an edit meanwhile is newer.
  const readAt = new Date();
  const draft = `${bundle}.${process.pid}`;
  require("esbuild").buildSync({
    entryPoints: [main],
    outfile: draft,
    bundle: true,
    platform: "node",
    target: "node20",
    keepNames: true,
    // Reads a file that lies beside it.
    external: ["@1password/sdk"],
  });
  fs.utimesSync(draft, readAt, readAt);
  // Several may start at once: each sees a whole file.
  fs.renameSync(draft, bundle);
}

function newest(names) {
  return Math.max(
    ...names.map((name) => {
      const stat = fs.statSync(name, { throwIfNoEntry: false });
      const inside = stat?.isDirectory() ? fs.readdirSync(name).map((entry) => path.join(name, entry)) : [];
      // What comes out of an archive says that it is old; when it came there, nobody but the system can say.
      return Math.max(stat?.mtimeMs ?? 0, stat?.ctimeMs ?? 0, newest(inside));
    }),
  );
}

/** In milliseconds since 1970; 0 when there is no such file. */
function changedAt(file) {
  try {
    return fs.statSync(file).mtimeMs;
  } catch {
    return 0;
  }
}
