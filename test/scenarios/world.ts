import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { Backend } from "../../sandbox/engine/state/backend";
import type { Deployment, ResourceState } from "../../sandbox/engine/state/deployment";
import { Crypter } from "../../sandbox/engine/state/secrets";
import { type Engine, path } from "./engines";
import { type Faults, Stage } from "./fixture/stage";
import { Run } from "./run";

const passphrase = "correct horse";
let crypter: Crypter | undefined;

/** A project, a stack and a provider's world, all of one test and one engine. */
export class World {
  readonly directory = mkdtempSync(join(tmpdir(), "scenario-"));
  readonly stage = new Stage(join(this.directory, "stage"));
  readonly backend: Backend;
  readonly environment: Record<string, string>;
  /** The stack of the next commands. */
  stack = "dev";
  /** `Pulumi.yaml`. */
  readonly project = `name: proj
runtime: { name: nodejs, options: { typescript: false, nodeargs: --stack-trace-limit=6 } }
main: index.js
plugins: { providers: [{ name: fixture, path: ${JSON.stringify(resolve("test/scenarios/fixture"))} }] }
`;
  private readonly running = new Set<ChildProcess>();
  private seen = 0;

  private constructor(
    /** May be changed in between. */
    public engine: Engine,
    private readonly crypter: Crypter,
  ) {
    mkdirSync(join(this.directory, "backend"));
    mkdirSync(join(this.directory, "home"));
    this.environment = {
      PATH: path,
      HOME: join(this.directory, "home"),
      PULUMI_HOME: join(this.directory, "home"),
      PULUMI_BACKEND_URL: pathToFileURL(join(this.directory, "backend")).href,
      PULUMI_CONFIG_PASSPHRASE: passphrase,
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_ERROR_OUTPUT_STRING: "true",
      FIXTURE_STAGE: join(this.directory, "stage"),
    };
    this.backend = new Backend(this.environment, "proj", "dev");
    symlinkSync(resolve("node_modules"), join(this.directory, "node_modules"));
    this.write("package.json", "{}");
    this.write("Pulumi.yaml", this.project);
    this.settings("");
    this.program("");
  }

  static async on(engine: Engine): Promise<World> {
    crypter ??= new Crypter(passphrase);
    const world = new World(engine, crypter);
    await world.backend.create(crypter);
    return world;
  }

  write(name: string, content: string): void {
    writeFileSync(join(this.directory, name), content);
  }

  /** The program: JavaScript that has the fixture's classes at hand, in the style of `exports.a = new Thing("a").value`. */
  program(source: string): void {
    const sdk = JSON.stringify(resolve("test/scenarios/fixture/sdk.cjs"));
    this.write(
      "index.js",
      `const { pulumi, Thing, Group, double, doubleOutput, config } = require(${sdk});\n${source}\n`,
    );
  }

  /** The stack's settings, beside its salt. */
  settings(config: string): void {
    this.write("Pulumi.dev.yaml", `encryptionsalt: ${this.crypter.salt}\n${config}`);
  }

  faults(faults: Faults): void {
    this.stage.setFaults(faults);
  }

  /** Runs a command to its end. */
  async run(command: string, ...args: string[]): Promise<Run> {
    return this.start(command, ...args).done;
  }

  up(...args: string[]): Promise<Run> {
    return this.run("up", "--yes", "--skip-preview", "--json", ...args);
  }

  preview(...args: string[]): Promise<Run> {
    return this.run("preview", "--json", ...args);
  }

  refresh(...args: string[]): Promise<Run> {
    return this.run("refresh", "--yes", "--skip-preview", "--json", ...args);
  }

  destroy(...args: string[]): Promise<Run> {
    return this.run("destroy", "--yes", "--skip-preview", "--json", ...args);
  }

  /** Starts a command. */
  start(command: string, ...args: string[]): { readonly child: ChildProcess; readonly done: Promise<Run> } {
    const [program, ...first] = this.engine.command;
    const stack = ["about", "version"].includes(command) ? [] : ["--stack", this.stack];
    const child = spawn(program, [...first, command, ...args, ...stack, "--non-interactive"], {
      cwd: this.directory,
      env: this.environment,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.running.add(child);
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    // Its own end, not that of the pipes: what a kill orphans still holds those for a moment.
    const done = new Promise<Run>((fulfil, reject) => {
      child.on("error", reject);
      child.on("exit", async (code, signal) => {
        await Promise.race([new Promise((ended) => child.on("close", ended)), wait(signal ? 500 : 5_000)]);
        this.running.delete(child);
        fulfil(new Run(code, stdout, stderr));
      });
    });
    return { child, done };
  }

  /** The processes that a process has started. */
  async childrenOf(pid: number | undefined): Promise<number[]> {
    const { stdout } = await promisify(execFile)("ps", ["-A", "-o", "pid=,ppid="]);
    const processes = stdout.split("\n").map((line) => line.trim().split(/\s+/).map(Number));
    return processes.flatMap(([id, parent]) => (id !== undefined && parent === pid ? [id] : []));
  }

  /** Kept once the provider has been called so. */
  async called(call: string): Promise<void> {
    for (let tries = 0; !this.stage.recorded().slice(this.seen).includes(call); tries++) {
      if (tries > 1_500)
        throw new Error(`the provider was never called: ${call}; it was: ${this.stage.recorded().join(", ")}`);
      await wait(20);
    }
  }

  /** The provider's calls since the last time this was asked, in the order in which they began; how they ended is left out. */
  calls(): string[] {
    const lines = this.stage.recorded();
    const news = lines.slice(this.seen);
    this.seen = lines.length;
    return news.filter((line) => !/ (done|failed)$/.test(line) && line !== "cancel");
  }

  /** The calls that change the world, since the last time calls were asked for. */
  writes(): string[] {
    return this.calls().filter((call) => /^(create|update|delete) /.test(call));
  }

  /** The state on disk. */
  async state(): Promise<Deployment> {
    return (await this.backend.read(this.crypter)).before;
  }

  /** A resource in the state, by name. */
  async resource(name: string): Promise<ResourceState> {
    const { resources } = await this.state();
    const found = resources.find(({ urn, delete: waits }) => urn.endsWith(`::${name}`) && !waits);
    if (!found) throw new Error(`${name} is not in the state: ${resources.map(({ urn }) => urn).join(", ")}`);
    return found;
  }

  /** What the state holds beside the stack and its providers: `a`, `b (delete)`. */
  async names(): Promise<string[]> {
    const { resources } = await this.state();
    return resources
      .filter(({ type }) => !type.startsWith("pulumi:"))
      .map(({ urn, delete: waits }) => `${urn.split("::").slice(3).join("::")}${waits ? " (delete)" : ""}`)
      .sort();
  }

  /** What is in flight according to the state: `creating a`. */
  async pending(): Promise<string[]> {
    const { pending } = await this.state();
    return pending.map(({ type, resource }) => `${type} ${resource.urn.split("::").slice(3).join("::")}`).sort();
  }

  /** Whether the stack is locked. */
  async locked(): Promise<boolean> {
    return (await this.backend.locks()).length > 0;
  }

  async end(): Promise<void> {
    for (const child of this.running) child.kill("SIGKILL");
    if (existsSync(this.directory)) rmSync(this.directory, { recursive: true, force: true, maxRetries: 3 });
  }
}
