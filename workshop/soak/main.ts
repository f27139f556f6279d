// `npm run soak -- --seed <n> --minutes <m> [--level model|engine] [--rotations <n>]`: simulated years of a fleet, with all
// that may happen to it. Ends with 0 only when nothing was violated; with 130, and its figures so far, when it is interrupted.
import { parseArgs } from "node:util";
import { exitWith } from "./exit";
import { levels } from "./levels/levels";
import { figures } from "./report";
import { soak } from "./soak";

const help = `npm run soak -- --seed <n> --minutes <m> [--level model|engine] [--rotations <n>]

  --seed <n>       where chance begins; the same seed is the same history (default 1)
  --minutes <m>    how long it goes on, the time for shrinking histories apart (default 2)
  --level <name>   model: the product's decisions in this process; engine: the real program and
                   providers (default engine)
  --rotations <n>  end when so many were done
  --cli            at the engine level, on the Pulumi CLI in place of the embedded engine
  --accounts <n>   fleets of up to so many accounts (default 14 at the model level, 36 at the engine
                   level, 8 with --cli)
  --wrapped        only runs with the flags of npm run up, which one red account does not stop
  --shrink <m>     minutes for making the history of a violation shorter (default 3)
  --first          end at the first violation
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
      accounts: { type: "string" },
      wrapped: { type: "boolean" },
      shrink: { type: "string", default: "3" },
      first: { type: "boolean" },
      verbose: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
  const print = (line: string) => void process.stdout.write(`${line}\n`);
  if (values.help) {
    print(help);
    return 0;
  }
  const level = levels(values.cli === true)[values.level];
  const numbers = [values.seed, values.minutes, values.shrink, values.rotations ?? 1, values.accounts ?? 1].map(Number);
  if (level === undefined || numbers.some((one) => !Number.isFinite(one) || one < 0)) {
    print(help);
    return 2;
  }
  const most = Math.ceil(Number(values.accounts ?? level.size.accounts[1]));
  const accounts = values.accounts === undefined ? level.size.accounts : ([Math.ceil(most / 2), most] as const);
  const played = { ...level, size: { ...level.size, accounts, ...(values.wrapped ? { wrapped: true } : {}) } };
  const stop = interruption();
  const soaked = await soak(played, {
    seed: Number(values.seed),
    minutes: Number(values.minutes),
    shrinkMinutes: Number(values.shrink),
    ...(values.rotations === undefined ? {} : { rotations: Number(values.rotations) }),
    print,
    ...(values.first ? { first: true } : {}),
    ...(values.verbose ? { verbose: true } : {}),
    signal: stop,
    stopped: ({ tally, counts, minutes }) => {
      print(`\ninterrupted after ${Math.round(minutes * 60)} s\n${figures(level.name, tally, minutes, counts)}`);
    },
  }).catch((error: unknown) => {
    // What stops this stops its processes too, and a run that was cut off may fail in any way.
    if (!stop.aborted) throw error;
    return undefined;
  });
  if (stop.aborted || soaked === undefined) return 130;
  const { tally, counts, minutes } = soaked;
  print(`\n${figures(level.name, tally, minutes, counts)}`);
  return counts.size === 0 ? 0 : 1;
}

/** Aborted by the first SIGINT or SIGTERM; another one, a second later or more, ends the process at once. */
function interruption(): AbortSignal {
  const stop = new AbortController();
  let since = 0;
  const interrupt = () => {
    // A terminal signals this process, and npm passes the same signal on.
    if (stop.signal.aborted && performance.now() - since > 1000) process.exit(130);
    since ||= performance.now();
    stop.abort();
  };
  for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, interrupt);
  return stop.signal;
}

exitWith(main());
