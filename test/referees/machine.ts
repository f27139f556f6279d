import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { hasChromium } from "./files/chromium";

/** What a referee may need of the machine. */
export type Tool = "go" | "python" | "java" | "chromium" | "linux";

/** What each tool does where it is there, in a version that is not too old. Go reads the least one in our module. */
const asked: Readonly<Record<Exclude<Tool, "chromium" | "linux">, readonly (readonly [string, ...string[]])[]>> = {
  go: [["go", "list", "-m"]],
  python: [["python3", "-c", "import pip, sys; sys.exit(sys.version_info < (3, 11))"]],
  java: [
    ["javac", "--release", "17", "-version"],
    ["mvn", "--version"],
  ],
};

const known = new Map<Tool, boolean>();

/** Whether the machine has a tool. */
export function has(tool: Tool): boolean {
  if (tool === "chromium") return hasChromium;
  if (tool === "linux") return process.platform === "linux" && ["x64", "arm64"].includes(process.arch);
  // No other version than the one that is there is fetched for this.
  const options = { cwd: join(__dirname, "pulumi"), env: { ...process.env, GOTOOLCHAIN: "local" } };
  const isThere = ([command, ...args]: readonly [string, ...string[]]) =>
    spawnSync(command, args, options).status === 0;
  const found = known.get(tool) ?? asked[tool].every(isThere);
  known.set(tool, found);
  return found;
}

/** Whether a referee that cannot judge is a failure: in CI, on a machine that has what most of them need. */
export function isStrict(environment: NodeJS.ProcessEnv = process.env): boolean {
  return environment.CI === "true" && has("go") && has("python");
}
