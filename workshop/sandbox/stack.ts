import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Document, parse, parseDocument } from "yaml";
import { type Engine, type Run, run } from "../../engines/engine";
import { ownCommand } from "../../engines/root";

/** How a {@link SandboxStack} is made. */
export interface SandboxStackOptions {
  readonly engine: Engine;
  /** Where the servers are and how to talk to them; asked before every command, because the clock is in it. */
  readonly environment: () => Readonly<Record<string, string>>;
  /** Changes to the settings of `Pulumi.sandbox.yaml`, made on a copy. */
  readonly edit?: (settings: Document) => void;
  /** The folder of the project. @default the one that this file belongs to */
  readonly project?: string;
}

/** How a command is run. */
export interface CommandOptions {
  readonly onOutput?: (text: string) => void;
  readonly kill?: AbortSignal;
  /** What runs it in place of the stack's own engine: the same one, begun in another way. */
  readonly engine?: Engine;
}

const stack = "sandbox";

/** The passphrase of sandbox stacks. It protects nothing: sandbox tokens open nothing but the sandbox. */
export const passphrase = "sandbox";

/** A stack of the project against the sandbox, on either engine, with a Pulumi home, a backend and settings of its own. */
export class SandboxStack {
  /** Holds the home, the backend (state) and the copy of the settings. */
  readonly folder: string;
  readonly engine: Engine;
  readonly #options: SandboxStackOptions;
  readonly #project: string;

  private constructor(options: SandboxStackOptions) {
    this.#options = options;
    this.#project = options.project ?? resolve(__dirname, "../..");
    this.engine = options.engine;
    this.folder = mkdtempSync(join(tmpdir(), "pat-rotation-"));
    mkdirSync(join(this.folder, "home"));
    mkdirSync(join(this.folder, "backend"));
    // The stack is made beside a copy, or making it could write to the project's own settings.
    copyFileSync(join(this.#project, "Pulumi.yaml"), join(this.folder, "Pulumi.yaml"));
    this.configure(options.edit);
  }

  /** Makes the stack; nothing is deployed yet. */
  static async create(options: SandboxStackOptions): Promise<SandboxStack> {
    const made = new SandboxStack(options);
    const { code, output } = await made.#run(["stack", "init", stack], {}, made.folder);
    if (code !== 0) {
      made.remove();
      throw new Error(`Making a sandbox stack on the ${options.engine.name} ended with exit code ${code}:\n${output}`);
    }
    return made;
  }

  /** Writes the settings anew: those of `Pulumi.sandbox.yaml`, with the changes. */
  configure(edit?: (settings: Document) => void): void {
    const settings = parseDocument(readFileSync(join(this.#project, "Pulumi.sandbox.yaml"), "utf8"));
    edit?.(settings);
    writeFileSync(this.#settings, settings.toString());
  }

  /** The file of settings, as it is. */
  get declared(): string {
    return readFileSync(this.#settings, "utf8");
  }

  /** The settings in force, as the program reads them. */
  settings(): { fleet?: unknown; freezes?: unknown; accounts?: unknown } {
    const { config } = parse(readFileSync(this.#settings, "utf8")) as { config: Record<string, unknown> };
    return Object.fromEntries(Object.entries(config).map(([key, value]) => [key.replace("pat-rotation:", ""), value]));
  }

  /** `preview`, and what it printed. */
  preview(flags: readonly string[] = [], options: CommandOptions = {}): Promise<Run> {
    return this.#run(["preview", ...this.#common, "--parallel=64", ...flags], options);
  }

  /** `up --yes`, without the preview before it, with the flags that production uses. */
  up(flags: readonly string[] = [], options: CommandOptions = {}): Promise<Run> {
    const always = ["--yes", "--skip-preview", "--continue-on-error", "--parallel=64"];
    return this.#run(["up", ...this.#common, ...always, ...flags], options);
  }

  /** A command as people type it without the wrapper, with no flag but those given and those that ask nothing. */
  plain(
    command: "up" | "refresh" | "destroy",
    flags: readonly string[] = [],
    options: CommandOptions = {},
  ): Promise<Run> {
    return this.#run([command, ...this.#common, "--yes", "--skip-preview", ...flags], options);
  }

  /** `npm run up -- --yes`, as people run it: the same, with what it tells at its end. */
  npmRunUp(flags: readonly string[] = [], options: CommandOptions = {}): Promise<Run> {
    return this.#npmRun("up", ["--yes", ...flags], options);
  }

  /** `npm run preview`, likewise. */
  npmRunPreview(flags: readonly string[] = [], options: CommandOptions = {}): Promise<Run> {
    return this.#npmRun("preview", flags, options);
  }

  /** `npx pat-rotation status`, with what stands behind it. */
  status(words: readonly string[] = []): Promise<Run> {
    const asked = this.engine.embedded ? ["--engine=embedded"] : [];
    return this.#run(["status", "--stack", stack, "--cwd", this.folder, ...asked, ...words], {
      engine: { ...this.engine, command: [process.execPath, ownCommand] },
    });
  }

  /** `npm run health`, with what stands behind it: whichever engine there is reads the state. */
  health(words: readonly string[] = []): Promise<Run> {
    return this.#run(["health", "--stack", stack, "--cwd", this.folder, ...words], {
      engine: { ...this.engine, command: [process.execPath, ownCommand] },
    });
  }

  #npmRun(command: string, flags: readonly string[], options: CommandOptions): Promise<Run> {
    const wrapper = [process.execPath, ownCommand];
    const asked = this.engine.embedded ? ["--engine=embedded"] : [];
    return this.#run([command, ...this.#common, ...flags, ...asked], {
      ...options,
      engine: { ...this.engine, command: wrapper as [string, ...string[]] },
    });
  }

  /** `refresh --yes`. */
  refresh(flags: readonly string[] = [], options: CommandOptions = {}): Promise<Run> {
    return this.#run(["refresh", ...this.#common, "--yes", "--skip-preview", ...flags], options);
  }

  /** `destroy --yes`. */
  destroy(flags: readonly string[] = [], options: CommandOptions = {}): Promise<Run> {
    return this.#run(["destroy", ...this.#common, "--yes", "--skip-preview", ...flags], options);
  }

  /** Clears the lock that a killed run left. */
  cancel(): Promise<Run> {
    return this.#run(["cancel", "--stack", stack, "--yes"]);
  }

  /** The stack's outputs, secrets hidden. */
  async outputs(): Promise<Record<string, unknown>> {
    const { code, output, stdout } = await this.#run(["stack", "output", "--stack", stack, "--json"]);
    if (code !== 0) {
      throw new Error(`Reading the outputs of the sandbox stack ended with exit code ${code}:\n${output}`);
    }
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  /** The state as Pulumi exports it, secrets encrypted. */
  async state(): Promise<string> {
    return (await this.#run(["stack", "export", "--stack", stack])).stdout;
  }

  /** Puts a state that was exported in the place of the stack's own. */
  async restore(state: string): Promise<void> {
    const file = join(this.folder, "restored.json");
    writeFileSync(file, state);
    const { code, output } = await this.#run(["stack", "import", "--stack", stack, "--file", file]);
    rmSync(file);
    if (code !== 0) {
      throw new Error(`Restoring the state of the sandbox stack ended with exit code ${code}:\n${output}`);
    }
  }

  /** The text of every file that the engine stored: state, history, checkpoints, settings. */
  stored(): string[] {
    return readdirSync(this.folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.parentPath.startsWith(join(this.folder, "home")))
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"));
  }

  /** Deletes the folder with all that the stack stored. */
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  get #settings(): string {
    return join(this.folder, `Pulumi.${stack}.yaml`);
  }

  get #common(): string[] {
    return ["--stack", stack, "--config-file", this.#settings, "--non-interactive"];
  }

  #run(
    args: readonly string[],
    { engine = this.engine, ...options }: CommandOptions = {},
    folder = this.#project,
  ): Promise<Run> {
    const { GITLAB_TOKEN, OP_CONNECT_TOKEN, OP_SERVICE_ACCOUNT_TOKEN, ...inherited } = process.env;
    return run(engine, args, {
      cwd: folder,
      environment: {
        ...inherited,
        PULUMI_HOME: join(this.folder, "home"),
        PULUMI_BACKEND_URL: `file://${join(this.folder, "backend")}`,
        PULUMI_CONFIG_PASSPHRASE: passphrase,
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        PULUMI_NODEJS_TRANSPILE_ONLY: "true",
        ...this.#options.environment(),
      },
      ...options,
    });
  }
}
