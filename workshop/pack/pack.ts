import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { create } from "tar";
import { version as own } from "../../contract/form/package";
import { bundle, folders, type PluginName } from "./bundle";
import { materials } from "./materials";

const root = resolve(__dirname, "../..");

/** The systems that an engine asks a server for: a plugin is the same on each that has Node.js at the end of `#!/usr/bin/env`. */
const platforms = ["darwin-amd64", "darwin-arm64", "linux-amd64", "linux-arm64"];

/** The version of a plugin: that of the package whose types it has, or our own. */
export function versionOf(name: PluginName): string {
  if (name === "runbook" || name === "pat-rotation") return own;
  return JSON.parse(readFileSync(join(root, folders[name], "schema.json"), "utf8")).version;
}

/**
 * Packs each plugin into an archive as `pulumi plugin install resource <name> <version> --file` takes it, with its bill of materials,
 * and the sums of all. The same sources make the same bytes.
 *
 * @param out - the folder that gets them.
 * @param source - the address that will serve them (`pluginDownloadURL`): with one, there is an archive under each name that an
 * engine asks for.
 */
export async function pack(out: string, source?: string): Promise<readonly string[]> {
  mkdirSync(out, { recursive: true });
  const made: string[] = [];
  for (const name of Object.keys(folders) as PluginName[]) {
    const version = versionOf(name);
    const folder = mkdtempSync(join(tmpdir(), "pat-rotation-pack-"));
    try {
      const { files, packages } = await bundle(name, folder, source);
      const bill = materials(name, version, packages);
      const title = `pulumi-resource-${name}-v${version}`;
      writeFileSync(join(folder, "sbom.cdx.json"), bill);
      writeFileSync(join(out, `${title}.cdx.json`), bill);
      // No name of a user, and one time for all: the bytes hang on the sources alone.
      const options = { cwd: folder, gzip: { level: 9 }, portable: true, mtime: new Date(0) };
      await create({ ...options, file: join(out, `${title}.tar.gz`) }, [...files, "sbom.cdx.json"]);
      const named = source === undefined ? [] : platforms.map((platform) => `${title}-${platform}.tar.gz`);
      for (const copy of named) copyFileSync(join(out, `${title}.tar.gz`), join(out, copy));
      made.push(`${title}.tar.gz`, `${title}.cdx.json`, ...named);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  const sums = made.sort().map((file) => `${sum(join(out, file))}  ${file}\n`);
  writeFileSync(join(out, "SHA256SUMS"), sums.join(""));
  return [...made, "SHA256SUMS"];
}

function sum(file: string): string {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}
