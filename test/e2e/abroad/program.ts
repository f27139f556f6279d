import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Sandbox } from "../../../workshop/sandbox/controls";
import { startSandbox } from "../../../workshop/sandbox/sandbox";

const root = resolve(__dirname, "../../..");

/** A language that a program of somebody else may be written in. */
export type Language = "yaml" | "python" | "go" | "nodejs";

/** Whether the Pulumi CLI is on the PATH, with what runs programs in a language. */
export function canRun(language: Language): boolean {
  return ["pulumi", `pulumi-language-${language}`].every((name) => spawnSync(name, ["--help"]).error === undefined);
}

/** How a command ended. */
interface Ended {
  readonly code: number;
  readonly output: string;
}

/** Somebody else's program: an example of ours, in a folder of its own, against a sandbox of its own. */
export class Program {
  /** All that was printed so far. */
  printed = "";

  private constructor(
    readonly sandbox: Sandbox,
    readonly folder: string,
    readonly home: string,
  ) {}

  /** Copies the example of a language; its plugins stay where they are. */
  static async start(language: Language, edit = (text: string) => text): Promise<Program> {
    const folder = mkdtempSync(join(tmpdir(), "abroad-program-"));
    cpSync(join(root, "examples", language), folder, { recursive: true });
    const project = join(folder, "Pulumi.yaml");
    writeFileSync(project, edit(readFileSync(project, "utf8")).replaceAll("../../", `${root}/`));
    const sandbox = await startSandbox({ jobMilliseconds: 50, workerMilliseconds: 20 });
    const program = new Program(sandbox, folder, mkdtempSync(join(tmpdir(), "abroad-home-")));
    await program.must("pulumi", ["stack", "init", "dev"]);
    return program;
  }

  /** The environment of its commands. */
  get environment(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      PULUMI_HOME: this.home,
      PULUMI_BACKEND_URL: `file://${this.home}`,
      PULUMI_CONFIG_PASSPHRASE: "sandbox",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      PYTHONPATH: join(this.folder, "packages"),
      ...this.sandbox.environment,
    };
  }

  /** Runs a command in its folder. */
  run(command: string, args: readonly string[]): Promise<Ended> {
    const child = spawn(command, args, { cwd: this.folder, env: this.environment, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
    return new Promise((fulfil, reject) => {
      child.once("error", reject);
      child.once("close", (code) => {
        this.printed += output;
        fulfil({ code: code ?? 1, output });
      });
    });
  }

  /** The same, for what must end well. */
  async must(command: string, args: readonly string[]): Promise<string> {
    const { code, output } = await this.run(command, args);
    if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with exit code ${code}:\n${output}`);
    return output;
  }

  /** `pulumi up`, as anybody runs it. */
  up(): Promise<Ended> {
    return this.run("pulumi", ["up", "--stack", "dev", "--yes", "--skip-preview", "--non-interactive"]);
  }

  /** What the state has: `<type> <name>` of each resource. */
  async resources(): Promise<string[]> {
    const state = JSON.parse(await this.must("pulumi", ["stack", "export", "--stack", "dev"]));
    const all = state.deployment.resources as { readonly urn: string }[];
    return all.map(({ urn }) => urn.split("::").slice(2).join(" ")).sort();
  }

  /** Where a token's value stands in plain text: names of files, and "what was printed". */
  leaks(): string[] {
    const needles = [...this.sandbox.gitlab.issuedTokens(), this.sandbox.environment.OP_CONNECT_TOKEN ?? ""].filter(
      Boolean,
    );
    const holds = (text: string) => needles.some((needle) => text.includes(needle));
    const files = readdirSync(this.home, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    return [
      ...files.filter((file) => holds(readFileSync(file, "latin1"))),
      ...(holds(this.printed) ? ["what was printed"] : []),
    ];
  }

  /** Stops the sandbox and deletes what was made. */
  async stop(): Promise<void> {
    for (const folder of [this.folder, this.home]) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    await this.sandbox.stop();
  }
}

/** Makes the package of the components for a program's language, with what the program needs besides. */
export async function prepare(program: Program, language: Language): Promise<void> {
  if (language === "yaml") return;
  const plugin = join(root, "packages/pat-rotation/pulumi-resource-pat-rotation");
  if (language !== "python") return void (await program.must("pulumi", ["package", "add", plugin]));
  const out = join(program.folder, "sdks");
  await program.must("pulumi", ["package", "gen-sdk", plugin, "--language", language, "--local", "--out", out]);
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--root-user-action=ignore"];
  await program.must("python3", [...pip, "--target", "packages", join(out, "python"), "-r", "requirements.txt"]);
}
