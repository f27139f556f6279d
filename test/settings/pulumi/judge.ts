import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { sealed } from "./sealed";
import type { Case } from "./table";

/** What the CLI makes of the files of a stack. */
export interface Answer {
  /** Which files were asked about. */
  readonly files: string;
  /** What `pulumi config --json` shows: a text by key, `null` for what is encrypted; absent where it refuses. */
  readonly config?: Readonly<Record<string, string | null>>;
  /** What a preview hands to the program, `false` where it ends before that; absent where no preview was asked for. */
  readonly program?: Readonly<Record<string, string>> | false;
}

/** All answers of one version of the CLI. */
export interface Answers {
  readonly version: string;
  readonly answers: Readonly<Record<string, Answer>>;
}

/** Where they are kept: a line each. */
const answersFile = join(__dirname, "answers.jsonl");

/** The answers that were written down; none of no version when there are none. */
export function recorded(): Answers {
  const [head = '{ "version": "" }', ...lines] = existsSync(answersFile)
    ? readFileSync(answersFile, "utf8").trimEnd().split("\n")
    : [];
  const answers: (Answer & { readonly name: string })[] = lines.map((line) => JSON.parse(line));
  return {
    version: JSON.parse(head).version,
    answers: Object.fromEntries(answers.map(({ name, ...one }) => [name, one])),
  };
}

/** Writes answers down. */
export function record({ version, answers }: Answers): void {
  const lines = [{ version }, ...Object.entries(answers).map(([name, one]) => ({ name, ...one }))];
  writeFileSync(answersFile, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
}

/** Tells an answer about other files from one about these. */
export function digest({ files, stack = "prod" }: Case): string {
  return createHash("sha256")
    .update(JSON.stringify([files, stack]))
    .digest("hex")
    .slice(0, 12);
}

/** The CLI, in a folder and a state of its own. */
export class Judge {
  readonly #root = mkdtempSync(join(tmpdir(), "pat-rotation-judge-"));
  readonly #stacks = new Set<string>();
  readonly #environment: NodeJS.ProcessEnv;

  constructor(readonly executable: string) {
    const own = (name: string) => {
      mkdirSync(join(this.#root, name));
      return join(this.#root, name);
    };
    this.#environment = {
      PATH: `${dirname(executable)}:${process.env.PATH ?? ""}`,
      HOME: own("home"),
      PULUMI_HOME: own("pulumi"),
      PULUMI_BACKEND_URL: `file://${own("state")}`,
      PULUMI_CONFIG_PASSPHRASE: sealed.passphrase,
      PULUMI_SKIP_UPDATE_CHECK: "true",
      TZ: "UTC",
    };
  }

  /** Of `pulumi version`. */
  get version(): string {
    return this.#run(this.#root, ["version"]).stdout.trim();
  }

  /** What `pulumi config --json` says; with `whole`, which takes some seconds, also what reaches a program. */
  ask(one: Case, whole: boolean): Answer {
    const folder = join(this.#root, "project");
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(join(folder, "node_modules/@pulumi"), { recursive: true });
    symlinkSync(
      resolve(__dirname, "../../../node_modules/@pulumi/pulumi"),
      join(folder, "node_modules/@pulumi/pulumi"),
    );
    const out = join(this.#root, "received.json");
    rmSync(out, { force: true });
    writeFileSync(join(folder, "package.json"), '{ "main": "index.js", "dependencies": { "@pulumi/pulumi": "*" } }');
    writeFileSync(
      join(folder, "index.js"),
      `require("fs").writeFileSync(${JSON.stringify(out)}, process.env.PULUMI_CONFIG);`,
    );
    this.#makeStack(folder, one);
    for (const [path, text] of Object.entries(one.files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const stack = one.stack ?? "prod";
    const config = this.#run(folder, ["config", "--json", "--stack", stack]);
    if (!whole) return { files: digest(one), ...shown(config.status, config.stdout) };
    const preview = this.#run(folder, ["preview", "--non-interactive", "--stack", stack]);
    const received = preview.status === 0 ? readFileSync(out, "utf8") : undefined;
    return {
      files: digest(one),
      ...shown(config.status, config.stdout),
      program: received === undefined ? false : JSON.parse(received),
    };
  }

  /** Removes what it made. */
  close(): void {
    rmSync(this.#root, { recursive: true, force: true });
  }

  /** Each project has a stack of that name once. */
  #makeStack(folder: string, { files }: Case): void {
    const name = /^name: (.*)$/m.exec(files["Pulumi.yaml"] ?? "")?.[1] ?? "none";
    if (this.#stacks.has(name)) return;
    this.#stacks.add(name);
    writeFileSync(join(folder, "Pulumi.yaml"), `name: "${name}"\nruntime: nodejs\n`);
    this.#run(folder, ["stack", "init", `organization/${name}/prod`]);
    rmSync(join(folder, "Pulumi.prod.yaml"), { force: true });
  }

  #run(folder: string, args: readonly string[]) {
    return spawnSync(this.executable, [...args], { cwd: folder, env: this.#environment, encoding: "utf8" });
  }
}

function shown(status: number | null, stdout: string): Pick<Answer, "config"> {
  if (status !== 0) return {};
  const all: Record<string, { readonly value?: string }> = JSON.parse(stdout);
  return { config: Object.fromEntries(Object.entries(all).map(([key, { value }]) => [key, value ?? null])) };
}
