import { resolve } from "node:path";
import { Monitor } from "../../engine/monitor";
import { Deployment } from "../../engine/planning/deployment";
import type { Run } from "../../engine/run";
import { needs, type Operation, type ResourceState, verify } from "../../engine/state/deployment";
import { readProject } from "../../engine/state/project";
import type { StateFile } from "../../engine/state/stateFile";
import type { Sandbox } from "../../sandbox/controls";
import type { Declaration } from "../fleet/declaration";
import { Bundle } from "../model/bundle";
import { MemoryState } from "../model/memoryState";
import { type Inside, pluginsOf } from "../model/plugins";
import { runProgram } from "../model/program";
import type { Asked, Driver, Outcome } from "./driver";

interface Stored {
  readonly resources: readonly ResourceState[];
  readonly pending: readonly Operation[];
}

let program: Bundle | undefined;
let inside: Bundle | undefined;

/**
 * The product's own program and providers in this process: the embedded engine decides the steps, the state is in memory,
 * nothing is a process of its own. A kill is the moment from which no request is carried out and nothing is kept.
 */
export class ModelLevel implements Driver {
  #state: Stored = { resources: [], pending: [] };
  #backup: Stored | undefined;
  #isLocked = false;
  #config: Readonly<Record<string, string>> = {};
  readonly #project = readProject(resolve(__dirname, "../../.."));

  constructor(private readonly sandbox: Sandbox) {}

  /** See {@link Driver.configure}. */
  configure(declaration: Declaration): void {
    this.#config = Object.fromEntries(
      Object.entries(declaration).map(([key, value]) => [
        `pat-rotation:${key}`,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    );
  }

  /** One at a time: another machine finds the stack locked. */
  async run(asked: Asked): Promise<Outcome> {
    if (this.#isLocked) return { code: 1, printed: "the stack is currently locked by 1 lock(s)\n" };
    this.#isLocked = true;
    return this.#run(asked).finally(() => {
      this.#isLocked = false;
    });
  }

  async #run({ command, flags, wrapped, environment, kill }: Asked): Promise<Outcome> {
    let printed = "";
    const tell = (text: string) => {
      printed += `${text}\n`;
    };
    const session = new MemoryState(this.#state.resources, command === "refresh" ? [] : this.#state.pending);
    kill?.addEventListener("abort", () => session.cut(), { once: true });
    const env = { ...this.sandbox.environment, ...environment };
    const surroundings = { env, speed: 200, fetch: fetchUntil(kill, this.sandbox.send) };
    const parsed = readFlags(flags);
    const stackDepth = Error.stackTraceLimit;
    const run: Run = {
      kind: command === "refresh" ? "refresh" : "update",
      preview: false,
      parallel: 64,
      flags: { ...parsed, ...(wrapped && { "continue-on-error": true }) },
      import: { type: "", name: "", id: "", protect: false },
      stack: "sandbox",
      project: this.#project,
      config: { values: this.#config, secretKeys: [] },
      report: reportTo(tell),
    };
    const monitor = new Monitor(run);
    inside ??= new Bundle("workshop/soak/model/inside.ts");
    program ??= new Bundle("index.ts");
    const plugins = pluginsOf(inside.evaluate<Inside>(surroundings), run);
    const deployment = new Deployment(run, plugins, this.#state.resources, session as unknown as StateFile);
    // The stacks that the SDK notes for its promises take a fifth of the time.
    Error.stackTraceLimit = 0;
    try {
      if (command === "refresh") await deployment.refresh();
      else {
        monitor.deployment = deployment;
        const evaluate = () => program?.evaluate(surroundings);
        const options = {
          services: monitor.services(),
          project: this.#project.name,
          stack: "sandbox",
          parallel: 64,
          config: this.#config,
        };
        const isWell = await Promise.race([runProgram(evaluate, { ...options, tell }), deployment.stopped]);
        if (isWell === false) deployment.fail();
        else if (!deployment.failed) await deployment.finish();
      }
      await deployment.close();
    } finally {
      Error.stackTraceLimit = stackDepth;
      await plugins.all("close");
    }
    this.#state = { resources: session.resources, pending: session.pending };
    verify(this.#state.resources, "the run has written it");
    return { code: kill?.aborted || deployment.failed ? 1 : 0, printed };
  }

  /** The lock goes with the run. */
  async cancel(): Promise<void> {}

  /** See {@link Driver.backup}. */
  backup(): void {
    this.#backup = this.#state;
  }

  /** See {@link Driver.restore}. */
  restore(): void {
    this.#state = this.#backup ?? this.#state;
  }

  /** See {@link Driver.forget}. */
  forget(nth: number): void {
    const { resources } = this.#state;
    const needed = new Set(resources.flatMap((one) => [...needs(one)]));
    const free = resources.filter(({ urn, custom, type }) => custom && !needed.has(urn) && !type.startsWith("pulumi:"));
    const gone = free[nth % Math.max(1, free.length)];
    this.#state = { ...this.#state, resources: resources.filter((one) => one !== gone) };
  }

  /** Nothing is written anywhere. */
  stored(): readonly string[] {
    return [];
  }

  /** See {@link Driver.state}. */
  state(): string {
    return JSON.stringify(this.#state.resources);
  }

  /** There is nothing to delete. */
  async stop(): Promise<void> {}
}

/** After a kill no request leaves, and no answer arrives. */
function fetchUntil(kill: AbortSignal | undefined, send: (request: Request) => Promise<Response>): typeof fetch {
  const dead = () => Object.assign(new TypeError("fetch failed"), { cause: { code: "ECONNRESET" } });
  return async (input, init) => {
    if (kill?.aborted) throw dead();
    const answer = await send(new Request(input, { ...init, signal: null }));
    if (kill?.aborted) throw dead();
    return answer;
  };
}

function readFlags(flags: readonly string[]): Run["flags"] {
  const values: Record<string, string[]> = {};
  for (let at = 0; at + 1 < flags.length; at += 2) {
    const name = (flags[at] ?? "").replace(/^--/, "");
    values[name] = [...(values[name] ?? []), flags[at + 1] ?? ""];
  }
  return values as unknown as Run["flags"];
}

function reportTo(tell: (text: string) => void): Run["report"] {
  const step = (at: string, { op, urn }: { op: string; urn: string }) => tell(`${at} ${op} ${urn}`);
  const message = (severity: string, text: string, urn = "") => {
    // As any engine without a flag, which shows none of the SDK's own.
    if (severity !== "debug") tell(`${severity}: ${text} ${urn}`);
  };
  return { step, message, changed: false } as unknown as Run["report"];
}
