import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Run } from "./operation";
import { Refused } from "./wire";

/** A program under way. */
export interface Program {
  /** Why it failed: `undefined` when it did not, an empty text when the program itself has told. */
  readonly ended: Promise<string | undefined>;
  /** Ends it, if it has not ended. */
  kill(): void;
}

/** The exit code by which the SDK says that it has told what went wrong. */
const told = 32;

/** Starts the project's program under the SDK that it has installed; it reaches the engine at an address. */
export function startProgram({ project, stack, preview, parallel, config, report }: Run, engine: string): Program {
  if (project.runtime !== "nodejs") throw new Refused(`the runtime "${project.runtime}"`);
  const run = createRequire(join(project.directory, "package.json")).resolve("@pulumi/pulumi/cmd/run");
  const { typescript = true, nodeargs = "", tsconfig } = project.runtimeOptions;
  const args = [
    ...String(nodeargs).split(/\s+/).filter(Boolean),
    ...[run, "--monitor", engine, "--engine", engine, "--organization", "organization", "--project", project.name],
    ...["--root-directory", project.directory, "--pwd", project.directory, "--stack", stack],
    ...[...(preview ? ["--dry-run"] : []), "--parallel", String(parallel), project.program],
  ];
  const env = {
    // Types are the check command's business; compiling without them halves the time.
    PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    ...process.env,
    PULUMI_CONFIG: JSON.stringify(config.values),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(config.secretKeys),
    ...(typescript !== false && { PULUMI_NODEJS_TYPESCRIPT: "true" }),
    ...(typeof tsconfig === "string" && { PULUMI_NODEJS_TSCONFIG_PATH: tsconfig }),
  };
  const child = spawn(process.execPath, args, {
    ...{ cwd: project.directory, env, stdio: ["ignore", "pipe", "pipe"] },
    // Ctrl-C goes to the engine alone.
    detached: true,
  });
  for (const stream of [child.stdout, child.stderr])
    createInterface(stream).on("line", (line) => report.message("info", line));
  const ended = new Promise<string | undefined>((fulfil) => {
    child.once("error", (error) => fulfil(`Problem executing program: ${error.message}`));
    child.once("close", (code, signal) => {
      if (code === 0) fulfil(undefined);
      else if (code === told) fulfil("");
      else fulfil(code === null ? `Program was killed (${signal})` : `Program exited with non-zero exit code: ${code}`);
    });
  });
  return { ended, kill: () => void (child.exitCode === null && child.kill("SIGKILL")) };
}
