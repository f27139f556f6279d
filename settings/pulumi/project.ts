import { posix } from "node:path";
import { type FileFault, foundText } from "../../rotation/declaration/faults";
import type { Tree } from "../tree";
import { blockOf, type PulumiFile, type Read, readPulumiFile } from "./document";
import { Moment } from "./moment";
import { problem, unread } from "./problem";
import { fits, isType, type Type } from "./types";

/** What `Pulumi.yaml` says about configuration. */
export interface Project {
  /** The project's name, which is the namespace of keys without one. */
  readonly name: string;
  /** The folder of the stacks' files, relative to the project's; `""` for that itself. */
  readonly folder: string;
  /** The keys that it declares. */
  readonly declared: readonly Declared[];
  /** `Pulumi.yaml`. */
  readonly file: PulumiFile;
  /** What the CLI refuses, or what leads out of the project. */
  readonly faults: readonly FileFault[];
}

/** A key of configuration that `Pulumi.yaml` declares. */
export interface Declared {
  /** As written. */
  readonly key: string;
  /** What a stack must give it, where that is said. */
  readonly type?: Type;
  /** Whether a stack must encrypt it. */
  readonly secret: boolean;
  /** What it is in a stack that does not give it. */
  readonly value?: Read;
  /** Where that stands. */
  readonly keys: readonly string[];
}

const path = "Pulumi.yaml";

/** Reads `Pulumi.yaml`. A folder without one is a project of our name: nothing in it says otherwise. */
export function readProject(tree: Tree): Project {
  const text = tree.read(path);
  const file = readPulumiFile(path, text ?? "");
  const faults: FileFault[] = [...unread(file), ...others(tree)];
  const project = { name: "pat-rotation", folder: "", declared: [], file, faults };
  if (text === undefined || file.faults.length > 0) return project;
  const whole = blockOf(file.value);
  if (whole === undefined || typeof whole.name !== "string" || whole.name === "") {
    faults.push(problem(file, ["name"], foundText(whole?.name), "the name of the project"));
    return project;
  }
  const { name, config, stackConfigDir } = whole;
  // What is a block today named that folder before.
  const [key, folder] = typeof config === "string" ? ["config", config] : ["stackConfigDir", stackConfigDir];
  if (typeof config === "string" && stackConfigDir !== undefined)
    faults.push(problem(file, ["config"], "a folder, and stackConfigDir as well", "stackConfigDir alone"));
  const inside = posix.normalize(typeof folder === "string" ? `./${folder}` : ".").replace(/\/$/, "");
  if (inside.startsWith("..") || (folder !== undefined && folder !== null && typeof folder !== "string"))
    faults.push(problem(file, [key ?? ""], foundText(folder), "a folder inside the project"));
  const block = blockOf(config);
  if (config !== undefined && config !== null && typeof config !== "string" && block === undefined)
    faults.push(problem(file, ["config"], foundText(config), "a block"));
  const declared = Object.entries(block ?? {}).flatMap(([one, value]) => declaredKey(file, name, one, value, faults));
  return { name, folder: inside === "." ? "" : inside, declared, file, faults };
}

/** What the CLI would read in place of `Pulumi.yaml`, or what is no file of the project. */
function others(tree: Tree): readonly FileFault[] {
  const json = tree.read("Pulumi.json") === undefined ? [] : ["Pulumi.json"];
  return [
    ...json.map((file) => ({ file, path: "", found: "a file that Pulumi reads in place of Pulumi.yaml" })),
    ...tree.links("").flatMap((file) => (file === path ? [{ file, path: "", found: "a symbolic link" }] : [])),
  ].map((fault) => ({ ...fault, expected: "Pulumi.yaml, a plain file" }));
}

function declaredKey(file: PulumiFile, project: string, key: string, raw: Read, faults: FileFault[]): Declared[] {
  const at = ["config", key];
  const refuse = (keys: readonly string[], found: string, expected: string) => {
    faults.push(problem(file, keys, found, expected));
    return [];
  };
  const isOurs = !key.includes(":") || key.startsWith(`${project}:`);
  if (["string", "bigint", "boolean"].includes(typeof raw) || Array.isArray(raw))
    return [{ key, value: raw, secret: false, keys: at }];
  const block = blockOf(raw);
  const known = ["type", "items", "description", "secret", "default", "value"];
  if (block === undefined || !Object.keys(block).every((name) => known.includes(name)))
    return refuse(at, shown(raw), `a text, a whole number, true or false, a list, or a block of ${known.join(", ")}`);
  const { type, items, secret = false, default: standard, value } = block;
  const isGiven = (one: Read | undefined) => one !== undefined && one !== null;
  if (isGiven(standard) && isGiven(value)) return refuse(at, "default and value", "one of them");
  if (!isOurs && (type !== undefined || isGiven(standard) || !isGiven(value)))
    return refuse(at, "a key of another namespace", "its value, and nothing else");
  const wanted = type === undefined ? undefined : { type, items };
  if (wanted !== undefined && !isType(wanted)) return refuse([...at, "type"], shown(type), "a type, with its items");
  const keys = [...at, isGiven(standard) ? "default" : "value"];
  const given = isGiven(standard) ? standard : isGiven(value) ? value : undefined;
  if (wanted !== undefined && isGiven(standard) && standard !== undefined && !fits(standard, wanted))
    return refuse(keys, shown(standard), `a default of the type ${String(wanted.type)}`);
  const rest = { ...(wanted === undefined ? {} : { type: wanted }), ...(given === undefined ? {} : { value: given }) };
  return [{ key, secret: secret === true, keys, ...rest }];
}

function shown(value: Read | undefined): string {
  return foundText(value instanceof Moment ? value.text : value);
}
