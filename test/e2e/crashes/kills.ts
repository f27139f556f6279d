import { type Document, parseDocument } from "yaml";
import type { Engine, Run } from "../../../engines/engine";
import { isWrite, type LoggedRequest } from "../../../workshop/sandbox/traffic";
import { Situation, type SituationOptions } from "../situation";

/** Which request a run is killed after: the n-th of those that count. */
export interface Moment {
  readonly nth: number;
  readonly counts: (request: Pick<LoggedRequest, "method" | "path">) => boolean;
}

/** How a run that was to be killed ended. */
export interface Killed extends Run {
  /** Whether it came to the moment: one that waits for something may ask less often than the run before. */
  readonly isReached: boolean;
}

/** When a run that sends such requests is killed: after each; with `KILL_AFTER=writes` after each that changed something. */
export function moments(requests: readonly LoggedRequest[]): Moment[] {
  const counts: Moment["counts"] = process.env.KILL_AFTER === "writes" ? isWrite : () => true;
  return requests.filter(counts).map((_, index) => ({ nth: index + 1, counts }));
}

/** `up`, killed once the servers have carried that request out, before the answer leaves; the stack's lock is cleared. */
export async function killedUp(situation: Situation, { nth, counts }: Moment): Promise<Killed> {
  const power = new AbortController();
  let seen = 0;
  const unwatch = situation.sandbox.traffic.watch({
    handled: (request) => {
      if (counts(request) && ++seen === nth) power.abort();
    },
  });
  const run = await situation.up([], { kill: power.signal });
  unwatch();
  if (power.signal.aborted) await situation.stack.cancel();
  return { ...run, isReached: power.signal.aborted };
}

/** Tries each, two at a time; answers all that was at fault. */
export async function inPairs<T>(
  all: readonly T[],
  attempt: (one: T) => Promise<readonly string[]>,
): Promise<string[]> {
  const faults: string[] = [];
  const queue = [...all];
  const worker = async () => {
    for (let one = queue.shift(); one !== undefined; one = queue.shift()) faults.push(...(await attempt(one)));
  };
  await Promise.all([worker(), worker()]);
  return faults;
}

/** A situation at one moment, to begin from again and again. */
export interface Saved {
  readonly dump: string;
  readonly state: string;
  readonly settings: string;
}

/** Ends a situation, and answers what it was. */
export async function saved(situation: Situation): Promise<Saved> {
  const { sandbox, stack } = situation;
  const all = { dump: sandbox.dump(), state: await stack.state(), settings: stack.declared };
  await situation.stop();
  return all;
}

/** Begins again where a situation was saved. */
export async function resumed(
  engine: Engine,
  { dump, state, settings }: Saved,
  options: SituationOptions = {},
): Promise<Situation> {
  const edit = (document: Document) => {
    document.contents = parseDocument(settings).contents;
  };
  const situation = await Situation.start(engine, { ...options, dump, edit });
  await situation.stack.restore(state);
  return situation;
}
