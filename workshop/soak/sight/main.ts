// `npm run soak:sight -- [--seed <n>] [--minutes <m>] [--level model|engine]`: takes one means of the product out at a time,
// and soaks what is left. Ends with 0 only when each was missed.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { parseArgs } from "node:util";
import Table from "cli-table3";
import { exitWith } from "../exit";
import { WeakenedCopy } from "./weakened";
import { type Weakening, weakenings } from "./weakenings";

const help = `npm run soak:sight -- [--seed <n>] [--minutes <m>] [--level model|engine] [--only <text>]

Takes one means of the product out at a time, in a copy, and soaks the copy until something is
violated. The exit code is 0 only when each was missed, 1 when a soak saw nothing, 2 for wrong
arguments.

  --seed <n>      where chance begins (default 1)
  --minutes <m>   how long each may take (default 20)
  --level <name>  as of npm run soak (default model)
  --only <text>   only those whose name holds this
`;

/** What a soak saw first: when, and what. Undefined when it saw nothing. */
type Seen = { readonly minutes: string; readonly what: string } | undefined;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seed: { type: "string", default: "1" },
      minutes: { type: "string", default: "20" },
      level: { type: "string", default: "model" },
      only: { type: "string", default: "" },
      help: { type: "boolean" },
    },
  });
  const { seed, minutes, level, only } = values;
  const chosen = weakenings.filter(({ name }) => name.includes(only));
  if (values.help || chosen.length === 0 || ![seed, minutes].every((one) => Number(one) >= 0)) {
    process.stdout.write(help);
    return values.help ? 0 : 2;
  }
  const table = new Table({ head: ["Taken out", "Seen after", "As"], colWidths: [44, 12, 60], wordWrap: true });
  let unseen = 0;
  for (const weakening of chosen) {
    process.stdout.write(`Soaking without: ${weakening.name} …\n`);
    const seen = await soak(weakening, ["--seed", seed, "--minutes", minutes, "--level", level]);
    if (seen === undefined) unseen += 1;
    process.stdout.write(seen === undefined ? "  not seen\n" : `  seen after ${seen.minutes} min: ${seen.what}\n`);
    table.push([weakening.name, seen === undefined ? "not seen" : `${seen.minutes} min`, seen?.what ?? ""]);
  }
  process.stdout.write(`\n${table.toString()}\n`);
  return unseen === 0 ? 0 : 1;
}

async function soak(weakening: Weakening, args: readonly string[]): Promise<Seen> {
  const copy = new WeakenedCopy(weakening);
  try {
    const code = ["--require", "./start/typescript.cjs", "workshop/soak/main.ts", ...args, "--first", "--shrink", "0"];
    const child = spawn(process.execPath, code, { cwd: copy.folder, stdio: ["ignore", "pipe", "pipe"] });
    let printed = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => {
        printed += chunk.toString();
      });
    const [exit] = await once(child, "close");
    const [, found, what = ""] = /^seen after ([\d.]+) min, seed \d+: (.*)$/m.exec(printed) ?? [];
    if (found !== undefined) return { minutes: found, what };
    if (exit === 0) return undefined;
    throw new Error(`Soaking without "${weakening.name}" ended with ${exit}:\n${printed}`);
  } finally {
    copy.delete();
  }
}

exitWith(main());
