import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { type Engine, run } from "../../engines/engine";
import { ownCommand } from "../../engines/root";
import type { Sandbox } from "../../workshop/sandbox/controls";
import { startSandbox } from "../../workshop/sandbox/sandbox";
import { passphrase } from "../../workshop/sandbox/stack";
import type { LoggedRequest } from "../../workshop/sandbox/traffic";

const root = resolve(__dirname, "../..");
const settings = "Pulumi.sandbox.yaml";

/** A working copy of the project, with settings that may be edited, against a sandbox: where commands of `npm run` are run. */
export class Desk {
  /** All that was printed so far. */
  printed = "";

  private constructor(
    readonly sandbox: Sandbox,
    readonly engine: Engine,
    /** The project. */
    readonly folder: string,
    private readonly home: string,
  ) {}

  /** Starts the sandbox and makes the copy. */
  static async start(engine: Engine): Promise<Desk> {
    const sandbox = await startSandbox({ jobMilliseconds: 50, workerMilliseconds: 20 });
    const folder = mkdtempSync(join(tmpdir(), "pat-rotation-desk-"));
    const home = mkdtempSync(join(tmpdir(), "pat-rotation-home-"));
    mkdirSync(join(home, "backend"));
    for (const name of readdirSync(root)) {
      if (name === settings || name === "Pulumi.yaml") cpSync(join(root, name), join(folder, name));
      else if (name !== ".git") symlinkSync(join(root, name), join(folder, name));
    }
    return new Desk(sandbox, engine, folder, home);
  }

  /** The environment of a command. */
  get environment(): NodeJS.ProcessEnv {
    const { GITLAB_TOKEN, OP_CONNECT_TOKEN, ...inherited } = process.env;
    const path = (inherited.PATH ?? "").split(delimiter);
    return {
      ...inherited,
      // The embedded engine is chosen where no CLI is found.
      PATH: this.engine.embedded ? path.filter((one) => !one.includes("pulumi")).join(delimiter) : inherited.PATH,
      PULUMI_HOME: this.home,
      PULUMI_BACKEND_URL: `file://${join(this.home, "backend")}`,
      PULUMI_CONFIG_PASSPHRASE: passphrase,
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      ...this.sandbox.environment,
      CI_PROJECT_ID: "security/pat-rotation",
    };
  }

  /** The settings, as they are. */
  get declared(): string {
    return readFileSync(join(this.folder, settings), "utf8");
  }

  set declared(text: string) {
    writeFileSync(join(this.folder, settings), text);
  }

  /** `npm run up -- --stack sandbox --yes`, and the requests that it sent. */
  async up(): Promise<{ readonly code: number; readonly output: string; readonly requests: readonly LoggedRequest[] }> {
    const before = this.sandbox.traffic.requests.length;
    const command = [process.execPath, ownCommand] as const;
    const { code, output } = await run(
      { name: "npm run up", embedded: false, command: [...command] },
      ["up", "--stack", "sandbox", "--yes", "--non-interactive"],
      { cwd: this.folder, environment: this.environment },
    );
    this.printed += output;
    return { code, output, requests: this.sandbox.traffic.requests.slice(before) };
  }

  /** Has another run hold the stack; answers how to end that. */
  lock(): () => void {
    const folder = join(this.home, "backend/.pulumi/locks/organization/pat-rotation/sandbox");
    const file = join(folder, "00000000-0000-4000-8000-000000000000.json");
    mkdirSync(folder, { recursive: true });
    const content = { pid: 1, username: "another", hostname: "elsewhere", timestamp: "2026-12-01T08:59:00Z" };
    writeFileSync(file, JSON.stringify(content));
    return () => rmSync(file);
  }

  /** Names of files (and "what was printed") that hold a token's value. Empty: none. */
  leaks(): string[] {
    const secrets = [...this.sandbox.gitlab.issuedTokens(), this.sandbox.environment.OP_CONNECT_TOKEN ?? ""];
    const needles = secrets
      .filter((value) => value !== "")
      .flatMap((value) => [value, Buffer.from(value).toString("base64").replace(/=+$/, "")]);
    const holds = (text: string) => needles.some((needle) => text.includes(needle));
    const files = [this.home, this.folder].flatMap((folder) =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name)),
    );
    const found = files.filter((file) => holds(readFileSync(file, "latin1")));
    const requests = this.sandbox.gitlab.state.projects.get("security/pat-rotation")?.mergeRequests ?? [];
    const said = [this.printed, ...requests.map(({ title, description }) => `${title}\n${description}`)];
    return said.some(holds) ? ["what was said", ...found] : found;
  }

  /** Stops the sandbox and deletes the copy. */
  async stop(): Promise<void> {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
    rmSync(this.home, { recursive: true, force: true, maxRetries: 5 });
    await this.sandbox.stop();
  }
}
