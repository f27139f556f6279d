import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Project } from "./state/project";
import type { ProgramConfig } from "./state/settings";

/** How a program is run. */
export interface ProgramOptions {
  readonly project: Project;
  readonly stack: string;
  readonly preview: boolean;
  readonly parallel: number;
  readonly config: ProgramConfig;
  /** Where it reaches the engine. */
  readonly engine: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly onPrint: (line: string) => void;
}

/** The exit code by which the SDK says that it has told what went wrong. */
const told = 32;

/** A program under way. */
export class Program {
  /** Why it failed: `undefined` when it did not, an empty text when the program itself has told. */
  readonly ended: Promise<string | undefined>;
  readonly #process: ChildProcess;

  /** Starts the project's program under the SDK that it has installed. */
  constructor(options: ProgramOptions) {
    const { project, stack, preview, parallel, config, engine, environment } = options;
    if (project.runtime !== "nodejs")
      throw new Error(
        `The project "${project.name}" runs on "${project.runtime}"; the embedded engine runs "nodejs" only. Use the Pulumi CLI.`,
      );
    const run = createRequire(join(project.directory, "package.json")).resolve("@pulumi/pulumi/cmd/run");
    const { typescript = true, nodeargs = "", tsconfig } = project.runtimeOptions;
    this.#process = spawn(
      process.execPath,
      [
        ...String(nodeargs).split(/\s+/).filter(Boolean),
        run,
        ...["--monitor", engine, "--engine", engine, "--organization", "organization"],
        ...["--project", project.name, "--root-directory", project.directory, "--stack", stack],
        ...["--pwd", project.directory, ...(preview ? ["--dry-run"] : []), "--parallel", String(parallel)],
        project.program === project.directory ? "." : project.program,
      ],
      {
        cwd: project.directory,
        env: {
          ...environment,
          PULUMI_CONFIG: JSON.stringify(config.values),
          PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(config.secretKeys),
          ...(typescript !== false && { PULUMI_NODEJS_TYPESCRIPT: "true" }),
          ...(typeof tsconfig === "string" && { PULUMI_NODEJS_TSCONFIG_PATH: tsconfig }),
          // Types are the check command's business; compiling without them halves the time.
          PULUMI_NODEJS_TRANSPILE_ONLY: environment.PULUMI_NODEJS_TRANSPILE_ONLY ?? "true",
        },
        stdio: ["ignore", "pipe", "pipe"],
        detached: true,
      },
    );
    for (const stream of [this.#process.stdout, this.#process.stderr])
      if (stream) createInterface(stream).on("line", options.onPrint);
    this.ended = new Promise((fulfil) => {
      this.#process.once("error", (error) => fulfil(`Problem executing program: ${error.message}`));
      this.#process.once("close", (code, signal) => {
        if (code === 0) fulfil(undefined);
        else if (code === told) fulfil("");
        else
          fulfil(code === null ? `Program was killed (${signal})` : `Program exited with non-zero exit code: ${code}`);
      });
    });
  }

  /** Ends it, if it has not ended. */
  kill(): void {
    if (this.#process.exitCode === null) this.#process.kill("SIGKILL");
  }
}
