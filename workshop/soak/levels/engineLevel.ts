import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Engine } from "../../../engines/engine";
import type { Sandbox } from "../../sandbox/controls";
import { SandboxStack } from "../../sandbox/stack";
import type { Declaration } from "../fleet/declaration";
import type { Asked, Driver, Outcome } from "./driver";

interface Deployment {
  readonly checkpoint: { readonly latest?: { resources?: Resource[] } };
}

interface Resource {
  readonly urn: string;
  readonly custom?: boolean;
  readonly parent?: string;
  readonly provider?: string;
  readonly dependencies?: readonly string[];
}

/** The real program and the real provider processes, on an engine, with state in a folder. */
export class EngineLevel implements Driver {
  #environment: Readonly<Record<string, string>> = {};

  private constructor(
    private readonly stack: SandboxStack,
    private readonly setEnvironment: (values: Readonly<Record<string, string>>) => void,
  ) {}

  /** Makes a stack. */
  static async create(engine: Engine, sandbox: Sandbox): Promise<EngineLevel> {
    let values: Readonly<Record<string, string>> = {};
    const stack = await SandboxStack.create({ engine, environment: () => ({ ...sandbox.environment, ...values }) });
    return new EngineLevel(stack, (next) => {
      values = next;
    });
  }

  /** See {@link Driver.configure}. */
  configure(declaration: Declaration): void {
    this.stack.configure((settings) => {
      settings.set("config", settings.createNode({}));
      for (const [key, value] of Object.entries(declaration))
        settings.setIn(["config", `pat-rotation:${key}`], settings.createNode(value));
    });
  }

  /** See {@link Driver.run}. */
  async run({ command, flags, wrapped, environment, kill }: Asked): Promise<Outcome> {
    // Two machines run at once with one environment.
    if (this.#environment !== environment) this.setEnvironment(environment);
    this.#environment = environment;
    const all = wrapped && command === "up" ? ["--continue-on-error", "--parallel=64", ...flags] : flags;
    const { code, output } = await this.stack.plain(command, all, kill === undefined ? {} : { kill });
    return { code, printed: output };
  }

  /** See {@link Driver.cancel}. */
  async cancel(): Promise<void> {
    await this.stack.cancel();
  }

  /** See {@link Driver.backup}. */
  backup(): void {
    rmSync(this.#backup, { recursive: true, force: true });
    cpSync(this.#backend, this.#backup, { recursive: true });
  }

  /** See {@link Driver.restore}. */
  restore(): void {
    if (!existsSync(this.#backup)) return;
    rmSync(this.#backend, { recursive: true, force: true });
    cpSync(this.#backup, this.#backend, { recursive: true });
  }

  /** See {@link Driver.forget}. */
  forget(nth: number): void {
    const document = JSON.parse(this.state()) as Deployment;
    const resources = document.checkpoint.latest?.resources ?? [];
    const needed = new Set(
      resources.flatMap(({ parent, provider, dependencies }) => [
        parent,
        provider?.split("::").slice(0, -1).join("::"),
        ...(dependencies ?? []),
      ]),
    );
    const free = resources.filter(
      ({ urn, custom }) => custom && !needed.has(urn) && !urn.includes("pulumi:providers:"),
    );
    const gone = free[nth % Math.max(1, free.length)];
    if (gone === undefined || document.checkpoint.latest === undefined) return;
    document.checkpoint.latest.resources = resources.filter((one) => one !== gone);
    writeFileSync(this.#file, JSON.stringify(document));
  }

  /** See {@link Driver.stored}. */
  stored(): readonly string[] {
    return readdirSync(this.stack.folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.parentPath.includes("/home/"))
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"));
  }

  /** See {@link Driver.state}. */
  state(): string {
    return existsSync(this.#file) ? readFileSync(this.#file, "utf8") : "";
  }

  /** Deletes the stack's folder. */
  async stop(): Promise<void> {
    this.stack.remove();
  }

  get #backend(): string {
    return join(this.stack.folder, "backend");
  }

  get #backup(): string {
    return join(this.stack.folder, "backup");
  }

  get #file(): string {
    return join(this.#backend, ".pulumi/stacks/pat-rotation/sandbox.json");
  }
}
