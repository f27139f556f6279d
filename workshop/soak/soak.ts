import type { Sandbox } from "../sandbox/controls";
import { startSandbox } from "../sandbox/sandbox";
import { worldOf } from "./fleet/fleet";
import { plot, type Size } from "./fleet/plot";
import type { History } from "./fleet/steps";
import type { Violation } from "./judges/violation";
import type { Driver } from "./levels/driver";
import { add, type Finding, findingText } from "./report";
import { cause, shrink, signature } from "./shrink";
import { Stage, type Tally } from "./stage";

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
  /** Ends at the first violation. */
  readonly first?: boolean;
  /** Tells each step. */
  readonly verbose?: boolean;
  /** Ends the soak: what is seen from then on counts for nothing, for whoever stops it may stop its processes as well. */
  readonly signal?: AbortSignal;
  /** Told in that moment what came of it so far. */
  readonly stopped?: (soaked: Soaked) => void;
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
  let counts: ReadonlyMap<string, number> = new Map();
  let tally = none;
  let shrinking = 0;
  let stage: Stage | undefined;
  const isStopped = () => options.signal?.aborted === true;
  const soFar = (): Soaked => ({
    tally: stage === undefined ? tally : add(tally, stage.counted),
    findings,
    counts: stage === undefined ? counts : counted(counts, stage.watch.violations.map(signature)),
    minutes: minutes(),
  });
  options.signal?.addEventListener("abort", () => options.stopped?.(soFar()), { once: true });
  const isOver = () =>
    isStopped() ||
    (options.first === true && findings.length > 0) ||
    minutes() - shrinking >= options.minutes ||
    tally.rotations >= (options.rotations ?? Number.POSITIVE_INFINITY);
  for (let seed = options.seed; !isOver(); seed += 1) {
    const history = plot(seed, level.size);
    const played = await playOn(level, history, isOver, options, (begun) => {
      stage = begun;
    });
    if (isStopped()) break;
    stage = undefined;
    tally = add(tally, played.tally);
    const first = played.violations[0];
    if (first === undefined) continue;
    const done = history.steps.slice(0, played.steps);
    const kindOf = (one: Violation) => `${signature(one)} (after ${cause(one, done)})`;
    const kinds = new Set(played.violations.map(kindOf));
    const isNew = [...kinds].some((kind) => !counts.has(kind));
    counts = counted(counts, kinds);
    if (!isNew) continue;
    const fresh = played.violations.find((one) => counts.get(kindOf(one)) === 1) ?? first;
    const at = minutes() - shrinking;
    options.print(`seen after ${at.toFixed(1)} min, seed ${seed}: ${kindOf(fresh)}; ${fresh.account} ${fresh.detail}`);
    for (const line of played.said) options.print(`  the last run: ${line}`);
    const since = minutes();
    const until = () => isStopped() || minutes() - since >= options.shrinkMinutes;
    const upTo = { ...history, steps: done };
    const play = async (one: History) => (await playOn(level, one, until, { ...options, verbose: false })).violations;
    const shrunk =
      options.shrinkMinutes > 0 ? await shrink(upTo, fresh, play, until) : { history: upTo, violation: fresh };
    if (isStopped()) break;
    shrinking += minutes() - since;
    const finding = { seed, ...shrunk, minutes: at };
    findings.push(finding);
    options.print(`${findingText(finding)}\n`);
  }
  return { tally, findings, counts, minutes: minutes() };
}

function counted(before: ReadonlyMap<string, number>, seen: Iterable<string>): ReadonlyMap<string, number> {
  const counts = new Map(before);
  for (const kind of new Set(seen)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

/** Plays one history on servers of its own, until something is violated. */
export async function playOn(
  level: Level,
  history: History,
  isOver: () => boolean,
  { print, verbose }: Pick<SoakOptions, "print" | "verbose">,
  begun: (stage: Stage) => void = () => undefined,
) {
  const world = worldOf(history.members, history.startsAt);
  const sandbox = await startSandbox({ world, jobMilliseconds: 10, workerMilliseconds: 5 });
  const driver = await level.driver(sandbox);
  let steps = 0;
  try {
    const stage = new Stage(history, sandbox, driver);
    begun(stage);
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
