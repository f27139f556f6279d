import { isAbsolute } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { failure } from "../components/failures";
import { type Reading, readSettings, SettingsError } from "../rotation/declaration/settings";
import { misspeltNamespaces, rawSettings } from "../rotation/declaration/texts";

/**
 * The settings of the stack (`Pulumi.<stack>.yaml`, namespace `pat-rotation`, and the files that its `accountFiles` names),
 * read and checked in one go. A key that is not known is a fault as well: a misspelt freeze would freeze nothing. Faults of
 * one account leave the others usable.
 *
 * @throws `RunError` with every fault and its path, before anything is registered: nothing is touched.
 */
export function declared(config: pulumi.Config): Reading {
  try {
    const misspelt = misspeltNamespaces(Object.keys(pulumi.runtime.allConfig()), config.name);
    if (misspelt.length > 0) throw new SettingsError(misspelt);
    const raw = rawSettings(texts(config));
    return raw.accountFiles === undefined ? readSettings(raw) : withFiles(raw);
  } catch (cause) {
    if (cause instanceof SettingsError) {
      throw failure(cause.message);
    }
    throw cause;
  }
}

/** Every key of the namespace, as the text that the engine handed on. */
function texts(config: pulumi.Config): ReadonlyMap<string, string> {
  const prefix = `${config.name}:`;
  const keys = Object.keys(pulumi.runtime.allConfig()).filter((key) => key.startsWith(prefix));
  return new Map(keys.map((key) => key.slice(prefix.length)).map((key) => [key, config.get(key) ?? ""]));
}

function withFiles(raw: ReturnType<typeof rawSettings>): Reading {
  // Loaded only where it is used: reading YAML takes longer to load than all decisions together.
  const {
    parseWhole,
    withAccountFiles,
  }: typeof import("../settings/accountFiles") = require("../settings/accountFiles");
  const { folderTree }: typeof import("../settings/tree") = require("../settings/tree");
  // An engine that names no root has the SDK answer with a placeholder; programs start in the project's folder.
  const root = pulumi.getRootDirectory();
  const tree = folderTree(isAbsolute(root) ? root : process.cwd());
  const { accountFiles, ...rest } = raw;
  const { accounts, place, faults } = withAccountFiles(rest.accounts, accountFiles, tree);
  // Nobody can say which accounts a file would have held that cannot be read.
  if (faults.length > 0) throw new SettingsError(parseWhole(raw, tree).faults);
  return readSettings({ ...rest, accounts }, place);
}
