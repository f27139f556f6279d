// `npm run bench`: what a run costs, of this build, of another one beside it, and of a program that does nothing with as many
// resources. They take turns, so that what else the machine does falls on all of them; the medians count.
import { mkdirSync } from "node:fs";
import { appendFile } from "node:fs/promises";
import { cpus } from "node:os";
import { dirname, resolve } from "node:path";
import { parseArgs } from "node:util";
import Table from "cli-table3";
import { type Engine, embeddedEngine, pulumiCli } from "../../engines/engine";
import { projectRoot } from "../../engines/root";
import { headCommit } from "../../settings/git";
import { Bench, type Command, type Cost, commands, type Open, rotates } from "./bench";
import { type FleetOptions, fleet, nothing } from "./projects";

const help = `npm run bench -- [flags]

Measures what a run costs: this build, another one beside it, and a program that does nothing with
as many resources as that one has, in turn. On Linux.

  --accounts <list>     numbers of accounts (default: 100)
  --engine <name>       embedded, cli, both (default: both)
  --commands <list>     preview and up, both with nothing due; first, the first up; due and one, the up on
                        which all accounts rotate, or one does: each answer takes 100 ms then, and
                        GitLab has the limits of GitLab.com (default: preview)
  --repetitions <n>     how often each is measured (default: 5)
  --beside <folder>     another build, with its own node_modules
  --history <file>      gets one line of JSON for each row
                        (default: workshop/bench/history.jsonl)
`;

/** One project's measurements. */
interface Row {
  readonly project: "this" | "beside" | "nothing";
  readonly resources: number;
  readonly costs: readonly Cost[];
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      accounts: { type: "string", default: "100" },
      engine: { type: "string", default: "both" },
      commands: { type: "string", default: "preview" },
      repetitions: { type: "string", default: "5" },
      beside: { type: "string" },
      history: { type: "string", default: "workshop/bench/history.jsonl" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help === true) {
    process.stdout.write(help);
    return;
  }
  const counts = values.accounts.split(",").map(Number);
  const repetitions = Number(values.repetitions);
  const asked = values.commands.split(",").map((name) => {
    const command = commands.find((known) => known === name);
    if (command === undefined) throw new Error(`--commands takes ${commands.join(", ")}; found "${name}"`);
    return command;
  });
  if (!counts.every((count) => count > 0) || !(repetitions > 0))
    throw new Error("--accounts takes numbers such as 10,100; --repetitions a number");
  const cli = pulumiCli();
  const engines = [embeddedEngine, ...(cli ? [cli] : [])].filter(
    ({ embedded }) => values.engine === "both" || (values.engine === "embedded") === embedded,
  );
  if (engines.length === 0) throw new Error(`--engine is both, embedded or cli; found "${values.engine}" and no CLI`);
  const beside = values.beside === undefined ? undefined : resolve(values.beside);
  const history = resolve(values.history);
  mkdirSync(dirname(history), { recursive: true });
  for (const engine of engines)
    for (const count of counts) {
      const measured = await measure(engine, count, beside, asked, repetitions);
      for (const [command, rows] of measured) {
        console.log(`${engine.name}, ${count} accounts, ${command}, medians of ${repetitions}:\n${table(rows)}`);
        const about = { at: new Date().toISOString(), commit: headCommit(projectRoot), node: process.version };
        const machine = { processors: cpus().length, engine: engine.name, accounts: count, command };
        const lines = rows.map((row) => `${JSON.stringify({ ...about, ...machine, ...row })}\n`);
        await appendFile(history, lines.join(""));
      }
    }
}

async function measure(
  engine: Engine,
  count: number,
  beside: string | undefined,
  asked: readonly Command[],
  repetitions: number,
): Promise<Map<Command, Row[]>> {
  const benches = new Map<Row["project"], Bench>();
  try {
    const fleets: (readonly [Row["project"], string])[] = [
      ["this", projectRoot],
      ...(beside === undefined ? [] : [["beside", beside] as const]),
    ];
    const isApart = asked.every(rotates);
    for (const [project, root] of fleets) {
      const open: Open = (timed, command) => fleet(timed, count, { build: root, ...ofRotation(command, count) });
      if (!isApart) console.error(`${engine.name}, ${count} accounts: the first up of "${project}" …`);
      benches.set(project, isApart ? Bench.apart(engine, open) : await Bench.open(engine, open));
    }
    const resources = benches.get(beside === undefined ? "this" : "beside")?.resources ?? 0;
    if (!isApart) benches.set("nothing", await Bench.open(engine, (timed) => nothing(timed, resources)));
    const all = new Map<Command, Row[]>();
    for (const command of asked) {
      const measured = [...benches].filter(([project]) => project !== "nothing" || !rotates(command));
      const costs = new Map<Row["project"], Cost[]>(measured.map(([project]) => [project, []]));
      for (let turn = 1; turn <= repetitions; turn++)
        for (const [project, bench] of measured) {
          console.error(`${command} ${turn} of ${repetitions}, "${project}" …`);
          costs.get(project)?.push(await bench.cost(command));
        }
      const rows = measured.map(([project, bench]) => ({
        project,
        resources: bench.resources,
        costs: costs.get(project) ?? [],
      }));
      all.set(command, rows);
    }
    return all;
  } finally {
    for (const bench of benches.values()) await bench.close();
  }
}

function ofRotation(command: Command | undefined, count: number): FleetOptions {
  return command !== undefined && rotates(command) ? { due: command === "due" ? count : 1, limited: true } : {};
}

const figures = ["wall", "cpu", "program", "memory", "requests", "refused", "asking"] as const;

function table(rows: readonly Row[]): string {
  const made = new Table({
    style: { head: [], border: [], compact: true },
    head: [
      "project",
      "resources",
      "wall, s",
      "CPU, s",
      "program's CPU, s",
      "its peak, MiB",
      "requests",
      "refused",
      "asking, s",
    ],
  });
  for (const { project, resources, costs } of rows)
    made.push([project, resources || "", ...figures.map((figure) => round(median(costs.map((cost) => cost[figure]))))]);
  const [own, ...others] = rows;
  for (const { project, costs } of others)
    made.push([
      `this : ${project}`,
      "",
      // Turn by turn: what else the machine did then fell on both.
      ...figures.map((figure) => {
        const ratios = costs.map((cost, turn) => (own?.costs[turn]?.[figure] ?? Number.NaN) / cost[figure]);
        return ratios.every(Number.isFinite) ? median(ratios).toFixed(2) : "";
      }),
    ]);
  return made.toString();
}

const round = (figure: number): string => (figure < 100 ? figure.toFixed(1) : figure.toFixed(0)).replace(/\.0$/, "");

function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
