import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { handedOn } from "../../settings/pulumi/texts";
import type { Run } from "./run";

/**
 * Runs the project's program, until a signal, under the SDK that it has installed; it reaches the engine at an address. Says
 * why it failed: `undefined` when it did not, an empty text when the program itself has told.
 */
export function runProgram(run: Run, engine: string, signal: AbortSignal): Promise<string | undefined> {
  const { project, stack, preview, parallel, config, report } = run;
  const sdk = createRequire(join(project.directory, "package.json")).resolve("@pulumi/pulumi/cmd/run");
  const { typescript = true, nodeargs = "", tsconfig } = project.runtimeOptions;
  const args = [
    ...String(nodeargs).split(/\s+/).filter(Boolean),
    ...[sdk, "--monitor", engine, "--engine", engine, "--organization", "organization", "--project", project.name],
    ...["--root-directory", project.directory, "--pwd", project.directory, "--stack", stack],
    ...[...(preview ? ["--dry-run"] : []), "--parallel", String(parallel), project.program],
  ];
  const env = {
    // Types are the check command's business; compiling without them halves the time.
    PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    ...process.env,
    PULUMI_CONFIG: handedOn(Object.entries(config.values)),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(config.secretKeys),
    ...(typescript !== false && { PULUMI_NODEJS_TYPESCRIPT: "true" }),
    ...(typeof tsconfig === "string" && { PULUMI_NODEJS_TSCONFIG_PATH: tsconfig }),
  };
  const child = spawn(process.execPath, args, {
    ...{ cwd: project.directory, env, stdio: ["ignore", "pipe", "pipe"], signal, killSignal: "SIGKILL" },
    // Ctrl-C goes to the engine alone.
    detached: true,
  });
  for (const stream of [child.stdout, child.stderr])
    createInterface(stream).on("line", (line) => report.message("info", line));
  return new Promise((fulfil) => {
    child.once("error", (error) => fulfil(`Problem executing program: ${error.message}`));
    child.once("close", (code, killed) => {
      if (code === 0) fulfil(undefined);
      // By this code the SDK says that it has told what went wrong.
      else if (code === 32) fulfil("");
      else fulfil(code === null ? `Program was killed (${killed})` : `Program exited with non-zero exit code: ${code}`);
    });
  });
}
