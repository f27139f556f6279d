const { createHash } = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");
const { cache, isWritable } = require("./cache.cjs");

const project = path.resolve(__dirname, "..");

/**
 * Runs a source with all that it imports, bundled into one file, which starts in a quarter of the time. The bundle lies in
 * `node_modules/.cache`, with the list of what it was made of, and is made anew when one of those, or an installed package, came
 * there later; where it cannot be written, or others could have written it, the sources run as they are.
 *
 * @param main - the source.
 * @param name - what the bundle is called.
 * @param folder - `__dirname` of all that is in it.
 * @param external - packages that are loaded as they are.
 * @returns what the source exports.
 */
exports.run = (main, { name, folder, external = [] }) => {
  const modules = path.join(project, "node_modules");
  // Copies of the project may share their packages: each has its own bundle.
  const place = createHash("sha256").update(main).digest("hex").slice(0, 12);
  const own = cache(modules);
  const bundle = path.join(own ?? "", `${name}-${place}.cjs`);
  const packages = path.join(modules, ".package-lock.json");
  if (own !== undefined && isFresh(bundle, packages)) {
    return require(bundle);
  }
  if (own !== undefined && isWritable(own)) {
    build(main, bundle, folder, external);
    return require(bundle);
  }
  require("./typescript.cjs");
  return require(main);
};

function build(main, bundle, folder, external) {
  // The bundle is as old as the moment before its sources were read: an edit meanwhile is newer.
  const readAt = new Date();
  const draft = `${bundle}.${process.pid}`;
  const made = path.join(draft, path.basename(bundle));
  const { metafile } = require("esbuild").buildSync({
    absWorkingDir: project,
    entryPoints: [main],
    outfile: made,
    // Read only where somebody asks for it: NODE_OPTIONS=--enable-source-maps, or a debugger.
    sourcemap: true,
    bundle: true,
    platform: "node",
    target: "node20",
    keepNames: true,
    metafile: true,
    banner: { js: `__dirname = ${JSON.stringify(folder)};` },
    // Each reads a file that lies beside it.
    external: ["@1password/sdk", "esbuild", "tsx", "typescript", ...external],
  });
  // It lies a folder further up than it was made in.
  const map = JSON.parse(fs.readFileSync(`${made}.map`, "utf8"));
  map.sources = map.sources.map((file) => path.relative(path.dirname(bundle), path.resolve(draft, file)));
  fs.writeFileSync(`${made}.map`, JSON.stringify(map));
  const sources = Object.keys(metafile.inputs)
    .filter((file) => !file.startsWith("node_modules/"))
    .map((file) => path.resolve(project, file));
  fs.writeFileSync(`${made}.json`, JSON.stringify(sources));
  fs.utimesSync(made, readAt, readAt);
  // Several may start at once: each sees whole files.
  for (const end of [".map", ".json", ""]) fs.renameSync(`${made}${end}`, `${bundle}${end}`);
  fs.rmdirSync(draft);
}

function isFresh(bundle, packages) {
  try {
    const made = fs.statSync(bundle).mtimeMs;
    const sources = JSON.parse(fs.readFileSync(`${bundle}.json`, "utf8"));
    return changedAt(packages) < made && sources.every((file) => fs.existsSync(file) && changedAt(file) < made);
  } catch {
    // There is none.
    return false;
  }
}

/** In milliseconds since 1970; 0 where there is no such file. */
function changedAt(file) {
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  // What comes out of an archive says that it is old; when it came there, nobody but the system can say.
  return Math.max(stat?.mtimeMs ?? 0, stat?.ctimeMs ?? 0);
}
