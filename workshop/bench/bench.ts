import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Engine, Run } from "../../engines/engine";
import type { Project } from "./projects";
import { type Figures, watch } from "./watch";

/**
 * What can be measured: a preview and an `up` with nothing due, and the first `up` of a stack; the `up` on which every account
 * rotates, and the one on which the first does, against servers as slow and as strict as GitLab.com.
 */
export const commands = ["preview", "up", "first", "due", "one"] as const;
export type Command = (typeof commands)[number];

/** Whether a command is that of a rotation, which a program that does nothing knows nothing of. */
export const rotates = (command: Command): command is "due" | "one" => command === "due" || command === "one";

/** What one command took, and what it asked GitLab and 1Password. */
export interface Cost extends Figures {
  readonly requests: number;
  /** How many of them were refused, since a limit was reached. */
  readonly refused: number;
  /** Seconds from the first of them to the last. */
  readonly asking: number;
}

/** Opens a project, not deployed yet; one to be rotated has servers with limits. */
export type Open = (engine: Engine, command?: Command) => Promise<Project>;

/** How long a server takes for each answer when rotations are measured, in milliseconds. */
const LATENCY = 100;

/** A project whose stack is up, ready to be measured. */
export class Bench {
  private constructor(
    private readonly engine: Engine,
    private readonly open: Open,
    /** How many resources it has. */
    readonly resources: number,
    /** Absent where each command is to have one of its own. */
    private readonly project?: Project,
  ) {}

  /** Makes all of it. The CLI saves the state of a folder anew after each step, which takes minutes: here once, at the end. */
  static async open(engine: Engine, open: Open): Promise<Bench> {
    const project = await deployed(engine, open);
    try {
      const { deployment } = JSON.parse(await project.stack.state()) as {
        deployment: { resources: readonly unknown[] };
      };
      return new Bench(engine, open, deployment.resources.length, project);
    } catch (cause) {
      await project.close();
      throw cause;
    }
  }

  /** One for commands that each have a project of their own. */
  static apart(engine: Engine, open: Open): Bench {
    return new Bench(engine, open, 0);
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
    const own = command === "first" ? await this.open(timed) : rotates(command) ? await this.#due(command) : undefined;
    const project = own ?? this.project;
    if (project === undefined) throw new Error(`measuring ${command}: its project was not made`);
    try {
      rmSync(place, { force: true });
      const before = project.requests().length;
      const stop = watch(() => idIn(place));
      const { stack } = project;
      if (command === "preview") ended(await stack.preview(["--expect-no-changes"], { engine: timed }));
      else ended(await stack.up([], { engine: timed }));
      const figures = stop();
      const requests = project.requests().slice(before);
      const times = requests.map(({ at }) => Date.parse(at));
      return {
        ...figures,
        requests: requests.length,
        refused: requests.filter(({ status }) => status === 429).length,
        asking: times.length === 0 ? 0 : (Math.max(...times) - Math.min(...times) + LATENCY) / 1000,
      };
    } finally {
      await own?.close();
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** One of its own that is at the morning of a rotation. */
  async #due(command: Command): Promise<Project> {
    const project = await deployed(this.engine, (engine) => this.open(engine, command));
    try {
      await project.wake(LATENCY);
      return project;
    } catch (cause) {
      await project.close();
      throw cause;
    }
  }

  /** Takes it down. */
  async close(): Promise<void> {
    await this.project?.close();
  }
}

/** A project with all its resources made. */
async function deployed(engine: Engine, open: Open): Promise<Project> {
  const unsaved: Engine = { ...engine, command: ["env", "PULUMI_SKIP_CHECKPOINTS=true", ...engine.command] };
  const project = await open(unsaved);
  try {
    ended(await project.stack.up());
    return project;
  } catch (cause) {
    await project.close();
    throw cause;
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
