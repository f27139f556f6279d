import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Document } from "yaml";
import type { Engine, Run } from "../../engines/engine";
import type { Sandbox } from "../../workshop/sandbox/controls";
import { type SandboxOptions, startSandbox } from "../../workshop/sandbox/sandbox";
import { type CommandOptions, SandboxStack } from "../../workshop/sandbox/stack";
import { isWrite, type LoggedRequest } from "../../workshop/sandbox/traffic";

/** The first account of the sandbox: its hand-made token is dead at the start. */
export const inventory = {
  username: "gl-security-inventory",
  project: "security/inventory-builder",
  item: "GitLab Security Service - Architecture - Inventory",
  job: "build-inventory",
} as const;

/** The second: its hand-made token lives until 2026-12-14, its first rotation is on 2026-11-30. */
export const scanner = {
  username: "gl-security-scanner",
  project: "security/scanner",
  item: "GitLab Security Service - Architecture - Scanner",
  job: "scan",
} as const;

/** One of the two. */
export type Subject = typeof inventory | typeof scanner;

/** How a {@link Situation} is made. */
export interface SituationOptions extends SandboxOptions {
  /** Changes to the settings. */
  readonly edit?: (settings: Document) => void;
  /** What a run finds in its environment. @default what the sandbox hands out */
  readonly environment?: (sandbox: Sandbox) => Readonly<Record<string, string>>;
}

/** A sandbox and a stack against it, with everything that was printed. */
export class Situation {
  /** All that the engine printed so far. */
  printed = "";

  private constructor(
    readonly sandbox: Sandbox,
    readonly stack: SandboxStack,
  ) {}

  /** Starts both. Jobs are quick. */
  static async start(
    engine: Engine,
    { edit, environment = ({ environment }) => environment, ...options }: SituationOptions = {},
  ): Promise<Situation> {
    const sandbox = await startSandbox({ jobMilliseconds: 50, workerMilliseconds: 20, ...options });
    const stack = await SandboxStack.create({
      engine,
      environment: () => environment(sandbox),
      ...(edit === undefined ? {} : { edit }),
    });
    return new Situation(sandbox, stack);
  }

  /** Stops the servers and deletes what the stack stored. */
  async stop(): Promise<void> {
    this.stack.remove();
    await this.sandbox.stop();
  }

  /** `up`, and only what it did: its output, its exit code and its requests. */
  async up(flags: readonly string[] = [], options: CommandOptions = {}): Promise<Run & { requests: LoggedRequest[] }> {
    return this.#counted(() => this.stack.up(flags, options));
  }

  /** `up` without the flags that production uses, likewise. */
  async plainUp(flags: readonly string[] = []): Promise<Run & { requests: LoggedRequest[] }> {
    return this.#counted(() => this.stack.plain("up", flags));
  }

  /** `npm run up`, likewise. */
  async npmRunUp(flags: readonly string[] = []): Promise<Run & { requests: LoggedRequest[] }> {
    return this.#counted(() => this.stack.npmRunUp(flags));
  }

  /** `npm run preview`, likewise. */
  async npmRunPreview(flags: readonly string[] = []): Promise<Run & { requests: LoggedRequest[] }> {
    return this.#counted(() => this.stack.npmRunPreview(flags));
  }

  /** `preview`, likewise. */
  async preview(flags: readonly string[] = []): Promise<Run & { requests: LoggedRequest[] }> {
    return this.#counted(() => this.stack.preview(flags));
  }

  /** `refresh`, likewise. */
  async refresh(): Promise<Run & { requests: LoggedRequest[] }> {
    return this.#counted(() => this.stack.refresh());
  }

  /** `destroy`, likewise. */
  async destroy(flags: readonly string[] = []): Promise<Run & { requests: LoggedRequest[] }> {
    return this.#counted(() => this.stack.destroy(flags));
  }

  /** The value in the account's CI/CD variable. */
  variable({ project }: Subject): string | undefined {
    return this.sandbox.gitlab.variable(project, "GITLAB_API_TOKEN");
  }

  /** The value in the account's 1Password item. */
  item({ item }: Subject): string | undefined {
    return this.sandbox.onepassword.field("Security", item, "credential");
  }

  /** The ids of the account's live tokens, oldest first. */
  live({ username }: Subject): number[] {
    return this.sandbox.gitlab.liveTokens(username).map(({ id }) => id);
  }

  /** Whether the account's variable and item hold one and the same token, and that lives. */
  works(subject: Subject): boolean {
    const value = this.variable(subject);
    const alive = this.sandbox.gitlab.liveTokens(subject.username).some((token) => token.value === value);
    return alive && this.item(subject) === value;
  }

  /** Where a token's value stands in plain text (or base64) among what was printed and stored: file names. Empty: nowhere. */
  leaks(): string[] {
    const { OP_CONNECT_TOKEN = "", BAO_TOKEN = "" } = this.sandbox.environment;
    const secrets = [...this.sandbox.gitlab.issuedTokens(), OP_CONNECT_TOKEN, BAO_TOKEN].filter(
      (value) => value !== "",
    );
    const needles = secrets.flatMap((value) => [value, Buffer.from(value).toString("base64").replace(/=+$/, "")]);
    const holds = (text: string) => needles.some((needle) => text.includes(needle));
    const files = readdirSync(this.stack.folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    const found = files.filter((file) => holds(readFileSync(file, "latin1")));
    return holds(this.printed) ? ["what was printed", ...found] : found;
  }

  async #counted(command: () => Promise<Run>): Promise<Run & { requests: LoggedRequest[] }> {
    const before = this.sandbox.traffic.requests.length;
    const run = await command();
    this.printed += run.output;
    return { ...run, requests: this.sandbox.traffic.requests.slice(before) };
  }
}

/** Requests that change something. */
export function writes(requests: readonly LoggedRequest[]): string[] {
  return requests.filter(isWrite).map(({ method, path }) => `${method} ${decodeURIComponent(path)}`);
}
