import { type Sandbox, startSandbox } from "../sandbox/sandbox";
import type { Driver } from "./driver";
import { worldOf } from "./fleet";
import type { Violation } from "./judges/violation";
import { plot, type Size } from "./plot";
import { add, type Finding, findingText } from "./report";
import { cause, shrink, signature } from "./shrink";
import { Stage, type Tally } from "./stage";
import type { History } from "./steps";

/** What a level is: how the product is run there, and how large a history is. */
export interface Level {
  readonly name: string;
  readonly size: Size;
  readonly driver: (sandbox: Sandbox) => Promise<Driver>;
}

/** How long a soak goes on. */
export interface SoakOptions {
  readonly seed: number;
  readonly minutes: number;
  /** Ends when so many were done. */
  readonly rotations?: number;
  /** Minutes for making a violation's history shorter; none: it is told as it was. */
  readonly shrinkMinutes: number;
  readonly print: (line: string) => void;
  /** Tells each step. */
  readonly verbose?: boolean;
}

/** What came of a soak. */
export interface Soaked {
  readonly tally: Tally;
  readonly findings: readonly Finding[];
  /** How often each kind was seen. */
  readonly counts: ReadonlyMap<string, number>;
  readonly minutes: number;
}

const none: Tally = { runs: 0, requests: 0, rotations: 0, revocations: 0, virtualDays: 0, inRuns: 0 };

/** Plays histories, one seed after the other, until the time is up. */
export async function soak(level: Level, options: SoakOptions): Promise<Soaked> {
  const begun = performance.now();
  const minutes = () => (performance.now() - begun) / 60_000;
  const findings: Finding[] = [];
  const counts = new Map<string, number>();
  let tally = none;
  let shrinking = 0;
  const isOver = () =>
    minutes() - shrinking >= options.minutes || tally.rotations >= (options.rotations ?? Number.POSITIVE_INFINITY);
  for (let seed = options.seed; !isOver(); seed += 1) {
    const history = plot(seed, level.size);
    const played = await playOn(level, history, isOver, options);
    tally = add(tally, played.tally);
    const first = played.violations[0];
    if (first === undefined) continue;
    const done = history.steps.slice(0, played.steps);
    const kindOf = (one: Violation) => `${signature(one)} (after ${cause(one, done)})`;
    const kinds = new Set(played.violations.map(kindOf));
    const isNew = [...kinds].some((kind) => !counts.has(kind));
    for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    if (!isNew) continue;
    const fresh = played.violations.find((one) => counts.get(kindOf(one)) === 1) ?? first;
    const at = minutes() - shrinking;
    options.print(`seen after ${at.toFixed(1)} min, seed ${seed}: ${kindOf(fresh)}; ${fresh.account} ${fresh.detail}`);
    for (const line of played.said) options.print(`  the last run: ${line}`);
    const since = minutes();
    const until = () => minutes() - since >= options.shrinkMinutes;
    const upTo = { ...history, steps: done };
    const play = async (one: History) => (await playOn(level, one, until, { ...options, verbose: false })).violations;
    const shrunk =
      options.shrinkMinutes > 0 ? await shrink(upTo, fresh, play, until) : { history: upTo, violation: fresh };
    shrinking += minutes() - since;
    const finding = { seed, ...shrunk, minutes: at };
    findings.push(finding);
    options.print(`${findingText(finding)}\n`);
  }
  return { tally, findings, counts, minutes: minutes() };
}

/** Plays one history on servers of its own, until something is violated. */
export async function playOn(
  level: Level,
  history: History,
  isOver: () => boolean,
  { print, verbose }: Pick<SoakOptions, "print" | "verbose">,
) {
  const world = worldOf(history.members, history.startsAt);
  const sandbox = await startSandbox({ world, jobMilliseconds: 10, workerMilliseconds: 5 });
  const driver = await level.driver(sandbox);
  let steps = 0;
  try {
    const stage = new Stage(history, sandbox, driver);
    const violations = (): readonly Violation[] => stage.watch.violations;
    for (const step of history.steps) {
      if (isOver() || violations().length > 0) break;
      await stage.play(step);
      steps += 1;
      if (verbose) print(`${sandbox.clock.now().toISOString()} ${JSON.stringify(step)}`);
    }
    return { tally: stage.counted, violations: violations(), steps, said: stage.said };
  } finally {
    await driver.stop();
    await sandbox.stop();
  }
}
