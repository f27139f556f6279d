import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Engine, Run } from "../../engines/engine";
import type { Project } from "./projects";
import { type Figures, watch } from "./watch";

/** What can be measured: a preview and an `up` with nothing due, and the first `up` of a stack. */
export const commands = ["preview", "up", "first"] as const;
export type Command = (typeof commands)[number];

/** What one command took, and how often it asked GitLab and 1Password. */
export interface Cost extends Figures {
  readonly requests: number;
}

/** A project whose stack is up, ready to be measured. */
export class Bench {
  private constructor(
    /** How many resources it has. */
    readonly resources: number,
    private readonly project: Project,
    private readonly engine: Engine,
    private readonly open: (engine: Engine) => Promise<Project>,
  ) {}

  /** Makes all of it. The CLI saves the state of a folder anew after each step, which takes minutes: here once, at the end. */
  static async open(engine: Engine, open: (engine: Engine) => Promise<Project>): Promise<Bench> {
    const { command } = engine;
    const unsaved: Engine = { ...engine, command: ["env", "PULUMI_SKIP_CHECKPOINTS=true", ...command] };
    const project = await open(unsaved);
    try {
      ended(await project.stack.up());
      const { deployment } = JSON.parse(await project.stack.state()) as {
        deployment: { resources: readonly unknown[] };
      };
      return new Bench(deployment.resources.length, project, engine, open);
    } catch (cause) {
      await project.close();
      throw cause;
    }
  }

  /** Runs a command and says what it took. */
  async cost(command: Command): Promise<Cost> {
    const folder = mkdtempSync(join(tmpdir(), "bench-"));
    const place = join(folder, "pid");
    // The shell leaves the id of the process that it turns into.
    const timed: Engine = {
      ...this.engine,
      command: ["sh", "-c", `echo $$ > ${place}; exec "$@"`, "sh", ...this.engine.command],
    };
    const project = command === "first" ? await this.open(timed) : this.project;
    try {
      rmSync(place, { force: true });
      const before = project.requests();
      const stop = watch(() => idIn(place));
      const { stack } = project;
      if (command === "preview") ended(await stack.preview(["--expect-no-changes"], { engine: timed }));
      else ended(await stack.up([], { engine: timed }));
      return { ...stop(), requests: project.requests() - before };
    } finally {
      if (command === "first") await project.close();
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** Takes it down. */
  close(): Promise<void> {
    return this.project.close();
  }
}

function idIn(place: string): number | undefined {
  try {
    return Number(readFileSync(place, "utf8").trim()) || undefined;
  } catch {
    // Not begun yet.
    return undefined;
  }
}

function ended({ code, output }: Run): void {
  if (code !== 0) throw new Error(`A measured command ended with exit code ${code}:\n${output.slice(-4_000)}`);
}
