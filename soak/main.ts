// `npm run soak -- --seed <n> --minutes <m> [--level model|engine] [--rotations <n>]`: simulated years of a fleet, with all
// that may happen to it. Ends with 0 only when nothing was violated.
import { parseArgs } from "node:util";
import { levels } from "./levels";
import { figures } from "./report";
import { soak } from "./soak";

const help = `npm run soak -- --seed <n> --minutes <m> [--level model|engine] [--rotations <n>]

  --seed <n>       where chance begins; the same seed is the same history (default 1)
  --minutes <m>    how long it goes on, the time for shrinking histories apart (default 2)
  --level <name>   model: the product's decisions in this process; engine: the real program and providers (default engine)
  --rotations <n>  end when so many were done
  --cli            at the engine level, on the Pulumi CLI in place of the embedded engine
  --wrapped        only runs with the flags of npm run up, which one red account does not stop
  --shrink <m>     minutes for making the history of a violation shorter (default 3)
  --verbose        tell each step
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seed: { type: "string", default: "1" },
      minutes: { type: "string", default: "2" },
      level: { type: "string", default: "engine" },
      rotations: { type: "string" },
      cli: { type: "boolean" },
      wrapped: { type: "boolean" },
      shrink: { type: "string", default: "3" },
      verbose: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  const print = (line: string) => void process.stdout.write(`${line}\n`);
  if (values.help) {
    print(help);
    return 0;
  }
  const level = levels(values.cli === true)[values.level];
  const numbers = [values.seed, values.minutes, values.shrink, values.rotations ?? "1"].map(Number);
  if (level === undefined || numbers.some((one) => !Number.isFinite(one) || one < 0)) {
    print(help);
    return 2;
  }
  const played = values.wrapped ? { ...level, size: { ...level.size, wrapped: true } } : level;
  const { tally, counts, minutes } = await soak(played, {
    seed: Number(values.seed),
    minutes: Number(values.minutes),
    shrinkMinutes: Number(values.shrink),
    ...(values.rotations === undefined ? {} : { rotations: Number(values.rotations) }),
    print,
    ...(values.verbose ? { verbose: true } : {}),
  });
  print(`\n${figures(level.name, tally, minutes, counts)}`);
  return counts.size === 0 ? 0 : 1;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exitCode = 1;
  },
);
