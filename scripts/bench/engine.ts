// `npm run bench:engine`: the time and memory of a first `up` and of an unchanged preview, on the embedded engine and on the
// Pulumi CLI where one is on the PATH, of this project's program and, as a floor, of as many resources that do nothing.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import Table from "cli-table3";
import { type Engine, embeddedEngine, pulumiCli, type Run } from "../engine";
import { fleet, nothing, type Project } from "./projects";

/** What one command took. */
interface Measure {
  readonly seconds: number;
  /** Peak resident memory of the engine's own process, in MiB; not known outside Linux. */
  readonly memory: number | undefined;
  /** It was ended at the time limit. */
  readonly cut: boolean;
}

/** Both commands of one engine on one project. */
interface Result {
  readonly up: Measure;
  /** The same without its state being saved on the way, where `up` was ended at the time limit on an engine that can do so. */
  readonly unsaved?: Measure;
  readonly preview: Measure | undefined;
  readonly resources: number;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      accounts: { type: "string", default: "10,100,1000" },
      engine: { type: "string", default: "both" },
      minutes: { type: "string", default: "10" },
    },
  });
  const counts = values.accounts.split(",").map(Number);
  const limit = Number(values.minutes) * 60_000;
  if (!counts.every((count) => count > 0 && count <= 1_000) || !(limit > 0))
    throw new Error("--accounts takes numbers from 1 to 1000, such as 10,100; --minutes the limit of one command");
  const cli = pulumiCli();
  const engines = [embeddedEngine, ...(cli ? [cli] : [])].filter(
    (engine) => values.engine === "both" || (values.engine === "embedded") === engine.embedded,
  );
  if (engines.length === 0) throw new Error(`--engine is both, embedded or cli; found "${values.engine}" and no CLI`);
  if (engines.length === 1) console.log(`On the ${engines[0]?.name} alone.`);
  const table = new Table({
    style: { head: [], border: [], compact: true },
    head: [
      "accounts",
      "project",
      "resources",
      "command",
      ...engines.flatMap(({ name }) => [`${name}, s`, "MiB"]),
      "time",
    ],
  });
  for (const count of counts) {
    const accounts: Result[] = [];
    const floor: Result[] = [];
    console.error(`${count} accounts …`);
    for (const engine of engines) accounts.push(await measure(engine, limit, (timed) => fleet(timed, count)));
    const many = Math.max(...accounts.map(({ resources }) => resources));
    for (const engine of engines) floor.push(await measure(engine, limit, (timed) => nothing(timed, many)));
    for (const [project, results] of [
      ["accounts", accounts],
      ["do-nothing", floor],
    ] as const)
      for (const command of ["up", "unsaved", "preview"] as const) {
        const row = results.map((result) => result[command]);
        if (command === "unsaved" && row.every((measure) => measure === undefined)) continue;
        // State that one of them does not save is no advantage of that one.
        const [first, second] = command === "unsaved" ? [results[0]?.up, row[1]] : row;
        const ratio = first && second && !second.cut ? (first.seconds / second.seconds).toFixed(2) : "";
        const named = command === "unsaved" ? "up, state saved once" : command;
        table.push([count, project, many, named, ...row.flatMap(cells), ratio]);
      }
  }
  console.log(table.toString());
}

/**
 * The first `up` and the preview after it. The Pulumi CLI writes the whole state of a stack in a folder at each step: where that
 * takes it over the limit, the rest is measured with one save at the end.
 */
async function measure(engine: Engine, limit: number, open: (timed: Engine) => Promise<Project>): Promise<Result> {
  const result = await once(engine, limit, open);
  if (!result.up.cut || engine.embedded) return result;
  const { up: unsaved, ...rest } = await once(engine, limit, open, "export PULUMI_SKIP_CHECKPOINTS=true;");
  return { ...rest, up: result.up, unsaved };
}

async function once(
  engine: Engine,
  limit: number,
  open: (timed: Engine) => Promise<Project>,
  before = "",
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  const id = join(folder, "pid");
  // The shell leaves the id of the process that it turns into.
  const command = ["sh", "-c", `echo $$ > ${id}; ${before} exec "$@"`, "sh", ...engine.command] as const;
  const { stack, close } = await open({ ...engine, command: [...command] });
  try {
    const up = await timed(id, limit, (kill) => stack.up([], { kill }));
    if (up.cut) return { up, preview: undefined, resources: 0 };
    const { deployment } = JSON.parse(await stack.state()) as {
      deployment: { resources: readonly { custom: boolean }[] };
    };
    const preview = await timed(id, limit, (kill) => stack.preview(["--expect-no-changes"], { kill }));
    return { up, preview, resources: deployment.resources.length };
  } finally {
    await close();
    stack.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function timed(id: string, limit: number, command: (kill: AbortSignal) => Promise<Run>): Promise<Measure> {
  rmSync(id, { force: true });
  let memory: number | undefined;
  const watch = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${readFileSync(id, "utf8").trim()}/status`, "utf8");
      memory = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024 || memory;
    } catch {
      // Not begun yet, just ended, or not on Linux.
    }
  }, 100);
  const began = performance.now();
  const kill = AbortSignal.timeout(limit);
  const { code, output } = await command(kill).finally(() => clearInterval(watch));
  const cut = kill.aborted;
  if (code !== 0 && !cut) throw new Error(`A measured command ended with exit code ${code}:\n${output.slice(-4_000)}`);
  return { seconds: (performance.now() - began) / 1000, memory, cut };
}

const cells = (measure: Measure | undefined): string[] =>
  measure === undefined
    ? ["", ""]
    : [`${measure.cut ? "> " : ""}${measure.seconds.toFixed(1)}`, measure.memory?.toFixed(0) ?? ""];

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
