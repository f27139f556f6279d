import { existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { parse } from "yaml";

/**
 * Deletes what a kill of the Pulumi CLI may leave beside a state in a folder: an empty file of attributes, on which every later
 * command fails ("failed to load checkpoint: EOF"). The state itself is whole, since the CLI replaces it in one step, and
 * nobody misses the attributes: this is harmless while another run is at work.
 *
 * @param directory - where the CLI is run.
 */
export function removeEmptyAttributes(environment: NodeJS.ProcessEnv, directory: string = process.cwd()): void {
  const folder = folderOf(backendOf(environment, directory), directory);
  if (folder === undefined) return;
  const own = join(folder, ".pulumi");
  const stacks = join(own, "stacks");
  const names = existsSync(stacks) ? readdirSync(stacks, { recursive: true, encoding: "utf8" }) : [];
  // What the CLI reads of a backend before anything else has attributes too.
  for (const file of [join(own, "meta.yaml.attrs"), ...names.map((name) => join(stacks, name))])
    if (file.endsWith(".attrs") && statSync(file, { throwIfNoEntry: false })?.size === 0) rmSync(file, { force: true });
}

/** The backend as the CLI finds it: in the environment, else in the project, else where `pulumi login` left it. */
function backendOf(environment: NodeJS.ProcessEnv, directory: string): string {
  const { PULUMI_BACKEND_URL, PULUMI_CREDENTIALS_PATH, PULUMI_HOME } = environment;
  if (PULUMI_BACKEND_URL) return PULUMI_BACKEND_URL;
  const project = read(join(directory, "Pulumi.yaml"), parse)?.backend;
  const ofProject = isBlock(project) ? project.url : undefined;
  if (typeof ofProject === "string" && ofProject !== "") return ofProject;
  const login = PULUMI_CREDENTIALS_PATH || PULUMI_HOME || join(homedir(), ".pulumi");
  const current = read(join(login, "credentials.json"), JSON.parse)?.current;
  return typeof current === "string" ? current : "";
}

/** The folder that an address such as `file:///var/my%20state`, `file://~/state` or `file://./state` names. */
function folderOf(url: string, directory: string): string | undefined {
  const [, path] = /^file:\/\/([^?]*)/.exec(url) ?? [];
  if (path === undefined) return undefined;
  const whole = resolve(directory, path.replace(/^~(?=\/|$)/, homedir()));
  try {
    return decodeURIComponent(whole);
  } catch {
    // The CLI cannot read that address either.
    return undefined;
  }
}

function read(file: string, parser: (text: string) => unknown): Record<string, unknown> | undefined {
  try {
    const value = parser(readFileSync(file, "utf8"));
    return isBlock(value) ? value : undefined;
  } catch {
    // Not there, or nothing that the CLI could read: then it says so itself.
    return undefined;
  }
}

function isBlock(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
